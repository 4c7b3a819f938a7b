package io.snowline.spring;

import io.snowline.coordination.NodeCoordinator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** The actuator's endpoint {@code snowline}, where it is exposed. */
@AutoConfiguration(after = SnowlineAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(Namespaces.class)
final class EndpointAutoConfiguration {

    @Bean
    @ConditionalOnAvailableEndpoint(endpoint = SnowlineEndpoint.class)
    SnowlineEndpoint snowlineEndpoint(Namespaces namespaces, ObjectProvider<NodeCoordinator> coordinator) {
        return new SnowlineEndpoint(namespaces, coordinator.getIfUnique());
    }
}
