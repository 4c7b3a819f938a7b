package io.snowline.spring;

import io.snowline.id.Readiness;
import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Health {@code snowline}: up as long as IDs of every namespace can be issued, even while the backend is away. For
 * readiness, if at all; liveness must not depend on a backend.
 */
@AutoConfiguration(after = SnowlineAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(SnowlineNamespaces.class)
@ConditionalOnEnabledHealthIndicator("snowline")
final class HealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "snowlineHealthIndicator")
    HealthIndicator snowlineHealthIndicator(SnowlineNamespaces namespaces) {
        return () -> {
            Map<String, Readiness> all = namespaces.readiness();
            boolean ready = all.values().stream().allMatch(Readiness::ready);
            Health.Builder health = ready ? Health.up() : Health.down();
            all.forEach((namespace, readiness) -> health.withDetail(namespace, readiness.detail()));
            return health.build();
        };
    }
}
