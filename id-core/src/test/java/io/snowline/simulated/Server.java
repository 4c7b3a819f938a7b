package io.snowline.simulated;

import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import java.time.Duration;

/** What a simulated server does when a request arrives; as the methods of the same names in the SPI. */
public interface Server {

    StoreView read(String namespace);

    Replaced replace(String namespace, Replacement step);

    boolean tryLock(String namespace, String lock, String token, Duration expiry);

    boolean unlock(String namespace, String lock, String token);

    long[] record(String namespace, long[] ids);
}
