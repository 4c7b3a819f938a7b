package io.snowline.spring.shop;

import com.baomidou.mybatisplus.annotation.IdType;
import com.baomidou.mybatisplus.annotation.TableId;
import com.baomidou.mybatisplus.annotation.TableName;
import com.baomidou.mybatisplus.core.mapper.BaseMapper;
import io.snowline.hibernate.SnowlineId;
import io.snowline.id.IdGenerator;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.ibatis.annotations.Mapper;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
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

/** An application with everything that the starter knows: web, JPA, Spring Data JDBC, MyBatis-Plus, and the actuator. */
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

    /** A row that MyBatis-Plus inserts. */
    @TableName("receipt")
    public static class Receipt {
        @TableId(type = IdType.ASSIGN_ID)
        public Long id;

        public String text = "paid";
    }

    /** Inserts receipts. */
    @Mapper
    public interface Receipts extends BaseMapper<Receipt> {}

    /** Tells when the application begins to stop, and holds requests until then. */
    static final class Gate implements SmartLifecycle {

        final AtomicInteger entered = new AtomicInteger();
        private final CountDownLatch stopping = new CountDownLatch(1);
        private boolean running;

        long hold(IdGenerator ids) throws InterruptedException {
            entered.incrementAndGet();
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

    /** Runs the application as a process of its own. */
    public static void main(String... arguments) {
        SpringApplication.run(Shop.class, arguments);
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
        private final Receipts receipts;
        private final Gate gate;

        @PersistenceContext
        private EntityManager entities;

        Calls(
                @Qualifier("orders") IdGenerator orders,
                @Qualifier("invoices") IdGenerator invoices,
                TransactionTemplate transactions,
                JdbcAggregateTemplate aggregates,
                JdbcTemplate jdbc,
                Receipts receipts,
                Gate gate) {
            this.orders = orders;
            this.invoices = invoices;
            this.transactions = transactions;
            this.aggregates = aggregates;
            this.jdbc = jdbc;
            this.receipts = receipts;
            this.gate = gate;
        }

        @GetMapping("/id")
        String id() {
            return Long.toString(invoices.nextId());
        }

        @GetMapping("/held")
        int held() {
            return gate.entered.get();
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

        @GetMapping("/mybatis")
        String mybatis() {
            jdbc.execute("create table receipt (id bigint primary key, text varchar(100))");
            Receipt receipt = new Receipt();
            receipts.insert(receipt);
            Receipt kept = new Receipt();
            kept.id = 7L;
            receipts.insert(kept);
            List<Long> stored = jdbc.queryForList("select id from receipt order by id", Long.class);
            return stored.equals(List.of(7L, receipt.id)) ? Long.toString(receipt.id) : "not stored";
        }

        @GetMapping("/text")
        String text() {
            jdbc.execute("create table voucher (id varchar(13) primary key, text varchar(100))");
            return aggregates.insert(new Voucher()).id;
        }
    }
}
