import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.local.LocalCoordinatorFactory;
import io.snowline.id.DecodedId;
import io.snowline.id.SnowflakeGenerator;
import java.time.Duration;

/** Issues IDs without any framework, and without a server: its records are in the directory {@code ./id-data}. */
class Invoices {

    public static void main(String... arguments) {
        NodeCoordinator coordinator = new LocalCoordinatorFactory().open();
        try (coordinator;
                SnowflakeGenerator ids =
                        SnowflakeGenerator.builder(coordinator, "invoices").start()) {
            if (!ids.awaitReady(Duration.ofSeconds(10))) {
                throw new IllegalStateException("no IDs yet: " + ids.status());
            }
            long invoice = ids.nextId();
            DecodedId parts = ids.layout().decode(invoice);
            System.out.println("invoice " + invoice + " of " + parts.timestamp() + " from node id " + parts.node());

            long[] lines = new long[1_000_000];
            ids.nextIds(lines);
            System.out.println(lines.length + " more, the last one " + lines[lines.length - 1]);
        }
    }
}
