package io.snowline.spring;

import io.snowline.hibernate.SnowlineGenerators;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.hibernate.autoconfigure.HibernatePropertiesCustomizer;
import org.springframework.context.annotation.Bean;

/** Makes the beans known to {@code @SnowlineId}, by their namespaces, where id-hibernate is on the class path. */
@AutoConfiguration(after = SnowlineAutoConfiguration.class)
@ConditionalOnClass({HibernatePropertiesCustomizer.class, SnowlineGenerators.class})
@ConditionalOnBean(SnowlineNamespaces.class)
final class HibernateAutoConfiguration {

    @Bean
    HibernatePropertiesCustomizer snowlineHibernateSettings(SnowlineNamespaces namespaces) {
        return settings -> settings.putIfAbsent(SnowlineGenerators.SETTING, namespaces.generators());
    }
}
