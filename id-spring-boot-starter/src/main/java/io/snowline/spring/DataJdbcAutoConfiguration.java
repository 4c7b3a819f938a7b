package io.snowline.spring;

import io.snowline.hibernate.SnowlineId;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.data.relational.core.mapping.RelationalMappingContext;
import org.springframework.data.relational.core.mapping.event.BeforeConvertCallback;

/** Gives aggregates of Spring Data JDBC their IDs, where id-hibernate, which has the annotation, is on the class path. */
@AutoConfiguration(after = SnowlineAutoConfiguration.class)
@ConditionalOnClass({BeforeConvertCallback.class, SnowlineId.class})
@ConditionalOnBean(SnowlineNamespaces.class)
final class DataJdbcAutoConfiguration {

    @Bean
    BeforeConvertCallback<Object> snowlineIdCallback(
            SnowlineNamespaces namespaces, ObjectProvider<RelationalMappingContext> mapping) {
        return new SnowlineIdCallback(namespaces, mapping);
    }
}
