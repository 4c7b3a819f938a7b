package io.snowline.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.local.LocalCoordinatorFactory;
import io.snowline.hibernate.Entities.Coupon;
import io.snowline.hibernate.Entities.Customer;
import io.snowline.hibernate.Entities.Line;
import io.snowline.hibernate.Entities.Misnamed;
import io.snowline.hibernate.Entities.Order;
import io.snowline.hibernate.Entities.Parcel;
import io.snowline.hibernate.Entities.ParcelId;
import io.snowline.hibernate.Entities.Supplier;
import io.snowline.hibernate.Entities.TooShort;
import io.snowline.hibernate.Entities.Voucher;
import io.snowline.id.IdFormat;
import io.snowline.id.IdGenerator;
import io.snowline.id.IdLayout;
import io.snowline.id.SnowflakeGenerator;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.hibernate.MappingException;
import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;
import org.hibernate.Version;
import org.hibernate.cfg.Configuration;
import org.hibernate.resource.jdbc.spi.StatementInspector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entities get their identifiers from Snowline. Runs on each line of Hibernate that is supported. */
class SnowlineIdTest {

    private static final int MANY = 1_000;

    /** A layout in which nodes differ from those of the others: its IDs tell where they come from. */
    private static final IdLayout OTHER = IdLayout.classic(Instant.parse("2020-01-01T00:00:00Z"));

    @TempDir
    static Path directory;

    private static @Nullable NodeCoordinator coordinator;
    private static Map<String, IdGenerator> generators = Map.of();

    @BeforeAll
    static void startGenerators() {
        LocalCoordinatorFactory factory = new LocalCoordinatorFactory();
        factory.setDirectory(directory.toString());
        coordinator = factory.open();
        generators = Map.of(
                "orders", start("orders", IdLayout.classic(IdLayout.DEFAULT_EPOCH)),
                "lines", start("lines", IdLayout.classic(IdLayout.DEFAULT_EPOCH)),
                "vouchers", start("vouchers", IdLayout.javaScriptSafe(IdLayout.DEFAULT_EPOCH)));
    }

    private static SnowflakeGenerator start(String namespace, IdLayout layout) {
        SnowflakeGenerator generator = SnowflakeGenerator.builder(Objects.requireNonNull(coordinator), namespace)
                .layout(layout)
                .start();
        assertThat(generator.awaitReady(Duration.ofSeconds(30))).isTrue();
        return generator;
    }

    @AfterAll
    static void stopGenerators() {
        generators.values().forEach(IdGenerator::close);
        Objects.requireNonNull(coordinator).close();
    }

    @Test
    void runsOnTheVersionOfHibernateThatTheBuildSays() {
        assertThat(Version.getVersionString()).isEqualTo(System.getProperty("hibernate.version"));
    }

    @Test
    void aThousandEntitiesAreInsertedInBatches() {
        Statements statements = new Statements();
        Configuration settings = settings(Customer.class)
                .setProperty("hibernate.jdbc.batch_size", "50")
                .setStatementInspector(statements);

        try (SessionFactory sessions = settings.buildSessionFactory()) {
            List<Customer> customers = new ArrayList<>();
            sessions.inTransaction(session -> {
                for (int i = 0; i < MANY; i++) {
                    Customer customer = new Customer();
                    session.persist(customer);
                    customers.add(customer);
                }
            });

            assertThat(customers)
                    .extracting(customer -> customer.id)
                    .doesNotHaveDuplicates()
                    .isSorted();
            assertThat(count(sessions, Customer.class)).isEqualTo(MANY);
            assertThat(statements.inserts()).isLessThanOrEqualTo(MANY / 50);
        }
    }

    @Test
    void aCascadeGivesEachEntityAnIdOfItsNamespace() {
        try (SessionFactory sessions = settings(Order.class, Line.class).buildSessionFactory()) {
            Order order = new Order();
            order.lines.addAll(List.of(new Line(), new Line()));
            sessions.inTransaction(session -> session.persist(order));

            Order stored = sessions.fromTransaction(session -> {
                Order found = session.find(Order.class, order.id);
                assertThat(found.lines).hasSize(2);
                return found;
            });
            assertThat(stored.id).isPositive();
            assertThat(stored.lines)
                    .extracting(line -> line.id)
                    .doesNotHaveDuplicates()
                    .doesNotContainNull();
        }
    }

    @Test
    void entitiesWithTheSameSuperclassShareItsNamespace() {
        try (SessionFactory sessions = settings(Customer.class, Supplier.class).buildSessionFactory()) {
            Customer customer = new Customer();
            Supplier supplier = new Supplier();
            sessions.inTransaction(session -> {
                session.persist(customer);
                session.persist(supplier);
            });

            assertThat(customer.id).isNotNull();
            assertThat(supplier.id).isNotNull().isGreaterThan(customer.id);
        }
    }

    @Test
    void aStatelessSessionInsertsToo() {
        try (SessionFactory sessions = settings(Customer.class).buildSessionFactory();
                StatelessSession session = sessions.openStatelessSession()) {
            List<Customer> customers = List.of(new Customer(), new Customer(), new Customer());
            session.getTransaction().begin();
            customers.forEach(session::insert);
            session.getTransaction().commit();

            assertThat(customers)
                    .extracting(customer -> customer.id)
                    .doesNotContainNull()
                    .doesNotHaveDuplicates();
            assertThat(count(sessions, Customer.class)).isEqualTo(3);
        }
    }

    @Test
    void textsAreWrittenInTheirFormat() {
        try (SessionFactory sessions = settings(Voucher.class, Coupon.class).buildSessionFactory()) {
            Voucher voucher = new Voucher();
            Coupon coupon = new Coupon();
            sessions.inTransaction(session -> {
                session.persist(voucher);
                session.persist(coupon);
            });

            long first = IdFormat.BASE32.parse(Objects.requireNonNull(voucher.code));
            long second = IdFormat.HEX.parse(Objects.requireNonNull(coupon.code));
            assertThat(second).isGreaterThan(first);
        }
    }

    @Test
    void anIdentifierWithATypeOfItsOwnIsConverted() {
        try (SessionFactory sessions = settings(Parcel.class).buildSessionFactory()) {
            Parcel parcel = new Parcel();
            sessions.inTransaction(session -> session.persist(parcel));

            ParcelId id = Objects.requireNonNull(parcel.id);
            assertThat(id.number()).isPositive();
            sessions.inTransaction(
                    session -> assertThat(session.find(Parcel.class, id)).isNotNull());
        }
    }

    @Test
    void anAssignedIdIsKept() {
        try (SessionFactory sessions =
                settings(Customer.class, Order.class, Line.class, Voucher.class).buildSessionFactory()) {
            Customer customer = new Customer();
            customer.id = 7L;
            Order order = new Order();
            order.id = 8;
            Voucher voucher = new Voucher();
            voucher.code = "by hand";
            sessions.inTransaction(session -> {
                session.persist(customer);
                session.persist(order);
                session.persist(voucher);
            });

            sessions.inTransaction(session -> {
                assertThat(session.find(Customer.class, 7L)).isNotNull();
                assertThat(session.find(Order.class, 8L)).isNotNull();
                assertThat(session.find(Voucher.class, "by hand")).isNotNull();
            });
        }
    }

    @Test
    void anAssignedIdIsKeptByAStatelessSession() {
        try (SessionFactory sessions = settings(Customer.class).buildSessionFactory();
                StatelessSession session = sessions.openStatelessSession()) {
            Customer customer = new Customer();
            customer.id = 7L;
            session.getTransaction().begin();
            session.insert(customer);
            session.getTransaction().commit();

            assertThat(session.get(Customer.class, 7L)).isNotNull();
        }
    }

    @Test
    void twoPersistenceUnitsHaveGeneratorsOfTheirOwn() {
        try (SnowflakeGenerator theirs = start("orders-elsewhere", OTHER);
                SessionFactory one = settings(Customer.class).buildSessionFactory();
                SessionFactory other =
                        settings(Map.of("orders", theirs), Customer.class).buildSessionFactory()) {
            Customer ours = new Customer();
            Customer foreign = new Customer();
            one.inTransaction(session -> session.persist(ours));
            other.inTransaction(session -> session.persist(foreign));

            Duration apart = Duration.between(OTHER.epoch(), IdLayout.DEFAULT_EPOCH);
            assertThat(OTHER.decode(Objects.requireNonNull(foreign.id)).timestamp())
                    .isAfter(OTHER.decode(Objects.requireNonNull(ours.id))
                            .timestamp()
                            .plus(apart.dividedBy(2)));
        }
    }

    @Test
    void aRegisteredGeneratorIsFoundByNameUnlessTheSettingsHaveOne() {
        try (SnowflakeGenerator registered = start("registered", OTHER)) {
            SnowlineGenerators.register("orders", registered);
            try (SessionFactory without = settings(Map.of(), Customer.class).buildSessionFactory();
                    SessionFactory with = settings(Customer.class).buildSessionFactory()) {
                Customer theirs = new Customer();
                Customer ours = new Customer();
                without.inTransaction(session -> session.persist(theirs));
                with.inTransaction(session -> session.persist(ours));

                assertThat(theirs.id).isNotNull().isGreaterThan(2 * Objects.requireNonNull(ours.id));
            } finally {
                SnowlineGenerators.remove("orders");
            }
        }
    }

    @Test
    void aNameHasOneRegisteredGenerator() {
        IdGenerator orders = Objects.requireNonNull(generators.get("orders"));
        IdGenerator lines = Objects.requireNonNull(generators.get("lines"));
        SnowlineGenerators.register("twice", orders);
        SnowlineGenerators.register("twice", orders);

        assertThatThrownBy(() -> SnowlineGenerators.register("twice", lines))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'twice'");
        SnowlineGenerators.remove("twice");
    }

    @Test
    void aWrongNameIsRefusedWithTheNearestKnownOne() {
        assertThatThrownBy(() -> settings(Misnamed.class).buildSessionFactory())
                .isInstanceOf(MappingException.class)
                .hasMessage(
                        "@SnowlineId of Misnamed.id must name a generator, got 'ordres'; did you mean 'orders'? known:"
                                + " [lines, orders, vouchers]");
    }

    @Test
    void whereNoGeneratorIsKnownTheErrorSaysSo() {
        assertThatThrownBy(() -> settings(Map.of(), Customer.class).buildSessionFactory())
                .hasMessageContaining(
                        "@SnowlineId of Identified.id must name a generator, got 'orders'; none is known");
    }

    @Test
    void aSettingThatIsNoMapOfGeneratorsIsRefused() {
        Configuration text = settings(Customer.class);
        text.getProperties().put(SnowlineGenerators.SETTING, "orders");
        Configuration wrong = settings(Customer.class);
        wrong.getProperties().put(SnowlineGenerators.SETTING, Map.of("orders", 7));

        assertThatThrownBy(text::buildSessionFactory)
                .hasStackTraceContaining(
                        "io.snowline.generators must be a map of names to generators, got a java.lang.String");
        assertThatThrownBy(wrong::buildSessionFactory)
                .hasStackTraceContaining(
                        "io.snowline.generators must have an IdGenerator for each name, got java.lang.Integer for"
                                + " 'orders'");
    }

    @Test
    void anIdentifierThatCannotHoldAnIdIsRefused() {
        assertThatThrownBy(() -> settings(TooShort.class).buildSessionFactory())
                .isInstanceOf(MappingException.class)
                .hasStackTraceContaining("@SnowlineId of TooShort.id must be at a long");
    }

    private static long count(SessionFactory sessions, Class<?> entity) {
        return sessions.fromTransaction(
                session -> session.createSelectionQuery("select count(*) from " + entity.getSimpleName(), Long.class)
                        .getSingleResult());
    }

    private static Configuration settings(Class<?>... entities) {
        return settings(generators, entities);
    }

    private static Configuration settings(Map<String, IdGenerator> known, Class<?>... entities) {
        Configuration settings = new Configuration()
                .setProperty("hibernate.connection.url", "jdbc:h2:mem:" + UUID.randomUUID())
                .setProperty("hibernate.hbm2ddl.auto", "create-drop");
        settings.getProperties().put(SnowlineGenerators.SETTING, known);
        for (Class<?> entity : entities) {
            settings.addAnnotatedClass(entity);
        }
        return settings;
    }

    /** Counts the inserts that are prepared; a batch is prepared once. */
    private static final class Statements implements StatementInspector {

        private static final long serialVersionUID = 1L;

        private final AtomicInteger inserts = new AtomicInteger();

        @Override
        public String inspect(String sql) {
            if (sql.startsWith("insert")) {
                inserts.incrementAndGet();
            }
            return sql;
        }

        int inserts() {
            return inserts.get();
        }
    }
}
