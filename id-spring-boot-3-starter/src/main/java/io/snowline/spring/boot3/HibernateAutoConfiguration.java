package io.snowline.spring.boot3;

import io.snowline.hibernate.SnowlineGenerators;
import io.snowline.spring.SnowlineAutoConfiguration;
import io.snowline.spring.SnowlineNamespaces;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.orm.jpa.HibernatePropertiesCustomizer;
import org.springframework.context.annotation.Bean;

/** Makes the beans known to {@code @SnowlineId}, as the starter for Spring Boot 4 does. */
@AutoConfiguration(after = SnowlineAutoConfiguration.class)
@ConditionalOnClass({HibernatePropertiesCustomizer.class, SnowlineGenerators.class})
@ConditionalOnBean(SnowlineNamespaces.class)
public final class HibernateAutoConfiguration {

    @Bean
    HibernatePropertiesCustomizer snowlineHibernateSettings(SnowlineNamespaces namespaces) {
        return settings -> settings.putIfAbsent(SnowlineGenerators.SETTING, namespaces.generators());
    }
}
