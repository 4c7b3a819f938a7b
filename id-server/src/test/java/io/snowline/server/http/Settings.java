package io.snowline.server.http;

import io.snowline.config.NamespaceSettings;
import io.snowline.config.RecordedSettings;
import io.snowline.coordination.IssuingMode;
import io.snowline.coordination.NodeIdRange;
import io.snowline.id.IdLayout;
import io.snowline.server.access.TokenSettings;
import io.snowline.server.config.GeneratorSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Settings of namespaces, for tests. */
final class Settings {

    private Settings() {}

    static GeneratorSettings leased() {
        return of(IssuingMode.LEASED);
    }

    static GeneratorSettings recorded() {
        return of(IssuingMode.RECORDED);
    }

    private static GeneratorSettings of(IssuingMode mode) {
        return new GeneratorSettings(
                new NamespaceSettings(
                        "orders",
                        mode,
                        new RecordedSettings(Optional.empty(), Optional.empty(), OptionalInt.of(5)),
                        IdLayout.classic(IdLayout.DEFAULT_EPOCH),
                        1,
                        new NodeIdRange(5, 9),
                        Duration.ofSeconds(1),
                        Duration.ofMillis(100),
                        OptionalLong.empty()),
                100,
                1_000,
                Duration.ofMillis(1_500),
                TokenSettings.NONE);
    }
}
