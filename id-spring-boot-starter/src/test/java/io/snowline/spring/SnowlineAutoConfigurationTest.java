package io.snowline.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.baomidou.mybatisplus.core.incrementer.IdentifierGenerator;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.local.LocalCoordinatorFactory;
import io.snowline.id.DecodedId;
import io.snowline.id.IdGenerator;
import io.snowline.id.IdLayout;
import io.snowline.id.IdUnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that an application gets, on the local coordinator. */
class SnowlineAutoConfigurationTest {

    @TempDir
    Path directory;

    private ApplicationContextRunner application = new ApplicationContextRunner();

    @BeforeEach
    void useADirectory() {
        application = new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(SnowlineAutoConfiguration.class, MyBatisPlusAutoConfiguration.class))
                .withPropertyValues("snowline.coordination.directory=" + directory, "snowline.await-ready=30s");
    }

    @Test
    void withoutNamespacesThereIsOneCalledDefault() {
        application.run(context -> {
            assertThat(context).hasBean("defaultIdGenerator");
            assertThat(context.getBean(IdGenerator.class).nextId()).isPositive();
        });
    }

    @Test
    void eachNamespaceHasABeanAndTheFirstIsInjectedWhereNoneIsNamed() {
        application
                .withPropertyValues("snowline.namespaces=orders, invoices")
                .withUserConfiguration(Shop.class)
                .run(context -> {
                    Map<String, IdGenerator> beans = context.getBeansOfType(IdGenerator.class);
                    assertThat(beans).containsOnlyKeys("ordersIdGenerator", "invoicesIdGenerator");
                    Injected injected = context.getBean(Injected.class);
                    assertThat(injected.primary()).isSameAs(beans.get("ordersIdGenerator"));
                    assertThat(injected.invoices()).isSameAs(beans.get("invoicesIdGenerator"));
                });
    }

    @Test
    void anotherNamespaceCanBePrimary() {
        application
                .withPropertyValues("snowline.namespaces=orders, invoices", "snowline.primary=invoices")
                .run(context -> assertThat(context.getBean(IdGenerator.class))
                        .isSameAs(context.getBean("invoicesIdGenerator")));
    }

    @Test
    void aNamespaceHasTheSettingsOfItsGenerator() {
        long above = new IdLayout(38, 7, 8, Duration.ofMillis(10), Instant.parse("2024-01-01T00:00:00Z"))
                .largestId(Instant.now().plusSeconds(3));
        application
                .withPropertyValues(
                        "snowline.namespaces=orders",
                        "snowline.generators.invoices.layout.timestamp-bits=38",
                        "snowline.generators.invoices.layout.nodeBits=7",
                        "snowline.generators.invoices.layout.sequence-bits=8",
                        "snowline.generators.invoices.layout.tick=10ms",
                        "snowline.generators.invoices.epoch=2024-01-01T00:00:00Z",
                        "snowline.generators.invoices.node-ids=5-6",
                        "snowline.generators.invoices.lanes=2",
                        "snowline.generators.invoices.start-above=" + above,
                        "snowline.reservation.ahead=10s")
                .run(context -> {
                    IdGenerator invoices = context.getBean("invoicesIdGenerator", IdGenerator.class);
                    IdLayout layout = invoices.layout();
                    assertThat(layout.descriptor()).isEqualTo("38/7/8@10ms");
                    assertThat(layout.epoch()).isEqualTo("2024-01-01T00:00:00Z");
                    DecodedId parts = layout.decode(invoices.nextId());
                    assertThat(parts.node()).isBetween(5, 6);
                    assertThat(parts.id()).isGreaterThan(above);
                    assertThat(context.getBean(SnowlineNamespaces.class)
                                    .readiness()
                                    .get("orders")
                                    .detail())
                            .matches("node id [0-9]+, good for [0-9]{1,5} ms without the coordinator");
                });
    }

    @Test
    void aNamespaceMayHaveEveryCharacterThatItsRuleAllows() {
        application
                .withPropertyValues(
                        "snowline.namespaces=Order-Lines",
                        "snowline.generators.order_lines.lanes=2",
                        "snowline.generators[orders.eu].lanes=2")
                .run(context -> assertThat(context.getBean(SnowlineNamespaces.class)
                                .generators()
                                .keySet())
                        .containsExactlyInAnyOrder("Order-Lines", "order_lines", "orders.eu"));
    }

    @Test
    void recordedModeIsAvailable() {
        application
                .withPropertyValues(
                        "snowline.generators.orders.mode=recorded",
                        "snowline.generators.orders.recorded.keep=forever",
                        "snowline.generators.orders.recorded.node=7",
                        "snowline.generators.orders.max-wait=5s")
                .run(context -> {
                    IdGenerator orders = context.getBean(IdGenerator.class);
                    assertThat(orders.layout().decode(orders.nextId()).node()).isEqualTo(7);
                    long[] ids = new long[10];
                    orders.nextIds(ids);
                    assertThat(ids).doesNotHaveDuplicates();
                });
    }

    @Test
    void aCoordinatorOfTheApplicationsOwnIsUsed() {
        application
                .withPropertyValues("snowline.coordination.directory=/proc/no-such-directory")
                .withBean(NodeCoordinator.class, () -> {
                    LocalCoordinatorFactory factory = new LocalCoordinatorFactory();
                    factory.setDirectory(directory.toString());
                    return factory.open();
                })
                .run(context ->
                        assertThat(context.getBean(IdGenerator.class).nextId()).isPositive());
    }

    @Test
    void aBeanOfTheApplicationsOwnKeepsItsName() {
        application
                .withPropertyValues("snowline.namespaces=orders")
                .withUserConfiguration(OwnBean.class)
                .run(context -> assertThat(context.getBean("ordersIdGenerator")).isInstanceOf(Fixed.class));
    }

    @Test
    void withEnabledFalseThereIsNothing() {
        application.withPropertyValues("snowline.enabled=false").run(context -> assertThat(context)
                .hasNotFailed()
                .doesNotHaveBean(IdGenerator.class)
                .doesNotHaveBean(IdentifierGenerator.class));
    }

    @Test
    void closingGivesTheNodeIdsBack() {
        application.run(context -> {
            IdGenerator ids = context.getBean(IdGenerator.class);
            int node = ids.layout().decode(ids.nextId()).node();
            context.getSourceApplicationContext().close();

            assertThat(catchReason(ids)).isEqualTo(IdUnavailableException.Reason.CLOSED);
            LocalCoordinatorFactory factory = new LocalCoordinatorFactory();
            factory.setDirectory(directory.toString());
            try (NodeCoordinator coordinator = factory.open()) {
                assertThat(coordinator
                                .read("default")
                                .nodes()
                                .get(node)
                                .record()
                                .released())
                        .isTrue();
            }
        });
    }

    @Test
    void aContextThatIsStoppedIssuesAgainOnceItIsStarted() {
        application.run(context -> {
            IdGenerator ids = context.getBean(IdGenerator.class);
            long before = ids.nextId();
            ConfigurableApplicationContext lifecycle = context.getSourceApplicationContext();
            lifecycle.stop();
            assertThat(catchReason(ids)).isEqualTo(IdUnavailableException.Reason.CLOSED);

            lifecycle.start();

            assertThat(ids.nextId()).isGreaterThan(before);
        });
    }

    @Test
    void mybatisPlusAssignsIdsOfThePrimaryNamespace() {
        application.withPropertyValues("snowline.namespaces=orders, invoices").run(context -> {
            IdentifierGenerator mybatis = context.getBean(IdentifierGenerator.class);
            long before = context.getBean(IdGenerator.class).nextId();
            assertThat(mybatis.nextId(new Object()).longValue()).isGreaterThan(before);
        });
    }

    @Test
    void anIdentifierGeneratorOfTheApplicationsOwnIsKept() {
        application.withBean(IdentifierGenerator.class, () -> entity -> 7L).run(context -> assertThat(
                        context.getBean(IdentifierGenerator.class).nextId(new Object()))
                .isEqualTo(7L));
    }

    @Test
    void withoutMybatisPlusNothingOfItIsAskedFor() {
        application
                .withClassLoader(new FilteredClassLoader("com.baomidou"))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(IdGenerator.class));
    }

    private static IdUnavailableException.Reason catchReason(IdGenerator ids) {
        try {
            ids.nextId();
        } catch (IdUnavailableException e) {
            return e.reason();
        }
        throw new AssertionError("an ID was issued after the end");
    }

    record Injected(IdGenerator primary, IdGenerator invoices) {}

    @Configuration(proxyBeanMethods = false)
    static class Shop {

        @Bean
        Injected injected(IdGenerator primary, @Qualifier("invoices") IdGenerator second) {
            return new Injected(primary, second);
        }
    }

    /** Issues 1, as a test of an application may want. */
    static final class Fixed implements IdGenerator {

        @Override
        public long nextId() {
            return 1;
        }

        @Override
        public void nextIds(long[] ids) {
            java.util.Arrays.fill(ids, 1);
        }

        @Override
        public IdLayout layout() {
            return IdLayout.classic(IdLayout.DEFAULT_EPOCH);
        }

        @Override
        public void close() {}
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnBean {

        @Bean
        IdGenerator ordersIdGenerator() {
            return new Fixed();
        }
    }
}
