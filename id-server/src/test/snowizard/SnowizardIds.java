import com.ge.snowizard.client.SnowizardClient;
import com.ge.snowizard.client.exceptions.SnowizardClientException;
import java.util.List;

/** Takes IDs with Snowizard's own client and prints each, then what the client makes of a refusal. */
public final class SnowizardIds {

    public static void main(String[] hosts) throws Exception {
        try (SnowizardClient client = new SnowizardClient(List.of(hosts))) {
            for (int i = 0; i < 500; i++) {
                System.out.println(client.getId());
            }
            for (int i = 0; i < 20; i++) {
                client.getIds(1_000).forEach(System.out::println);
            }
            try {
                System.out.println("not refused: " + client.getIds(1_000_000).size());
            } catch (SnowizardClientException e) {
                System.out.println("refused");
            }
        }
    }
}
