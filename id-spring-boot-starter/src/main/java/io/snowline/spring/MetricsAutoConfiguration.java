package io.snowline.spring;

import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Metrics of the namespaces, where Micrometer is on the class path. */
@AutoConfiguration(after = SnowlineAutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnBean(Namespaces.class)
final class MetricsAutoConfiguration {

    @Bean
    MeterBinder snowlineMeters(Namespaces namespaces, SnowlineSettings settings) {
        return new SnowlineMeters(namespaces, !settings.takesFromServers());
    }
}
