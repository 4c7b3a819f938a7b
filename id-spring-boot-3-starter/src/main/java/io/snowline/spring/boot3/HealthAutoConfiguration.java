package io.snowline.spring.boot3;

import io.snowline.id.Readiness;
import io.snowline.spring.SnowlineAutoConfiguration;
import io.snowline.spring.SnowlineNamespaces;
import java.util.Map;
import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Health {@code snowline}, as the starter for Spring Boot 4 has it. */
@AutoConfiguration(after = SnowlineAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(SnowlineNamespaces.class)
@ConditionalOnEnabledHealthIndicator("snowline")
public final class HealthAutoConfiguration {

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
