import io.snowline.client.SnowlineClient;
import io.snowline.id.DecodedId;

/**
 * Takes IDs from servers: {@code java -cp id-client.jar:id-core.jar examples/client/Orders.java http://127.0.0.1:8080}, with
 * {@code ./serve} running. The token, if the servers want one, is in the environment variable {@code SNOWLINE_TOKEN}.
 */
class Orders {

    public static void main(String... servers) {
        SnowlineClient.Builder settings = SnowlineClient.builder("default").servers(servers);
        if (System.getenv("SNOWLINE_TOKEN") != null) {
            settings.token(() -> System.getenv("SNOWLINE_TOKEN"));
        }
        try (SnowlineClient ids = settings.start()) {
            long order = ids.nextId();
            DecodedId parts = ids.layout().decode(order);
            System.out.println("order " + order + " of " + parts.timestamp() + " from node id " + parts.node());

            long[] lines = new long[1_000_000];
            ids.nextIds(lines);
            System.out.println(lines.length + " more, with " + ids.status().requests() + " requests in all");
        }
    }
}
