package io.snowline.spring.shop;

import io.snowline.hibernate.SnowlineId;
import io.snowline.id.IdGenerator;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.concurrent.CountDownLatch;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.data.annotation.Id;
import org.springframework.data.jdbc.core.JdbcAggregateTemplate;
import org.springframework.data.relational.core.mapping.Table;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** An application with everything that the starter knows: web, JPA, Spring Data JDBC, and the actuator. */
@SpringBootConfiguration
@EnableAutoConfiguration
public class Shop {

    /** A row that Hibernate inserts. */
    @Entity(name = "Purchase")
    public static class Purchase {
        @jakarta.persistence.Id
        @SnowlineId("orders")
        long id;
    }

    /** A row that Spring Data JDBC inserts. */
    @Table("INVOICE")
    public record Invoice(@Id @SnowlineId("invoices") Long id, String text) {}

    /** A row whose ID is text. */
    @Table("VOUCHER")
    public static class Voucher {
        @Id
        @SnowlineId("invoices")
        String id;

        String text = "free";
    }

    /** Tells when the application begins to stop, and holds one request until then. */
    static final class Gate implements SmartLifecycle {

        final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch stopping = new CountDownLatch(1);
        private boolean running;

        long hold(IdGenerator ids) throws InterruptedException {
            entered.countDown();
            stopping.await();
            return ids.nextId();
        }

        @Override
        public void start() {
            running = true;
        }

        /** Runs after everything of the default phase, and before the web server's shutdown. */
        @Override
        public void stop() {
            running = false;
            stopping.countDown();
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return DEFAULT_PHASE - 512;
        }
    }

    @Bean
    Gate gate() {
        return new Gate();
    }

    /** The calls over HTTP. */
    @RestController
    static class Calls {

        private final IdGenerator orders;
        private final IdGenerator invoices;
        private final TransactionTemplate transactions;
        private final JdbcAggregateTemplate aggregates;
        private final JdbcTemplate jdbc;
        private final Gate gate;

        @PersistenceContext
        private EntityManager entities;

        Calls(
                @Qualifier("orders") IdGenerator orders,
                @Qualifier("invoices") IdGenerator invoices,
                TransactionTemplate transactions,
                JdbcAggregateTemplate aggregates,
                JdbcTemplate jdbc,
                Gate gate) {
            this.orders = orders;
            this.invoices = invoices;
            this.transactions = transactions;
            this.aggregates = aggregates;
            this.jdbc = jdbc;
            this.gate = gate;
        }

        @GetMapping("/id")
        String id() {
            return Long.toString(invoices.nextId());
        }

        @GetMapping("/hold")
        String hold() throws InterruptedException {
            return Long.toString(gate.hold(orders));
        }

        @GetMapping("/jpa")
        String jpa() {
            Purchase purchase = new Purchase();
            transactions.executeWithoutResult(status -> entities.persist(purchase));
            Long stored = jdbc.queryForObject("select id from purchase", Long.class);
            return stored == purchase.id ? Long.toString(purchase.id) : "not stored";
        }

        @GetMapping("/jdbc")
        String jdbc() {
            jdbc.execute("create table invoice (id bigint primary key, text varchar(100))");
            Invoice made = aggregates.insert(new Invoice(null, "new"));
            Invoice kept = aggregates.insert(new Invoice(7L, "assigned"));
            Invoice stored = aggregates.findById(made.id(), Invoice.class);
            return made.equals(stored) && kept.id() == 7 ? Long.toString(made.id()) : "not stored";
        }

        @GetMapping("/text")
        String text() {
            jdbc.execute("create table voucher (id varchar(13) primary key, text varchar(100))");
            return aggregates.insert(new Voucher()).id;
        }
    }
}
