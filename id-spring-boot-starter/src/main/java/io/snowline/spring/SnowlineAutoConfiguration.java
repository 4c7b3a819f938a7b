package io.snowline.spring;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.id.IdGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Makes a bean of type {@link IdGenerator} for each namespace: {@code <namespace>IdGenerator}, with the namespace as its
 * qualifier. They reserve node ids in the backend that {@code snowline.coordination} names, or in a {@link NodeCoordinator}
 * of the application's own, or take IDs from {@code snowline.client.servers}.
 */
@AutoConfiguration
@ConditionalOnProperty(prefix = SnowlineProperties.PREFIX, name = "enabled", matchIfMissing = true)
@Import(GeneratorBeans.class)
@ImportRuntimeHints(SnowlineHints.class)
public final class SnowlineAutoConfiguration {

    @Bean
    SnowlineSettings snowlineSettings(Environment environment) {
        return SnowlineSettings.of(environment);
    }

    @Bean(destroyMethod = "stop")
    Namespaces snowlineNamespaces(ApplicationContext context, GeneratorSource source, SnowlineSettings settings) {
        return new Namespaces(context, source, settings);
    }

    /** Generators that reserve node ids themselves. */
    @Configuration(proxyBeanMethods = false)
    @Conditional(WithoutServers.class)
    static class Coordinated {

        @Bean(destroyMethod = "close")
        @ConditionalOnMissingBean
        NodeCoordinator snowlineCoordinator(SnowlineSettings settings) {
            try {
                return settings.coordination().open();
            } catch (IllegalArgumentException e) {
                throw new SnowlineConfigurationException("snowline.coordination: " + e.getMessage(), e);
            }
        }

        @Bean
        GeneratorSource snowlineSource(NodeCoordinator coordinator, SnowlineSettings settings) {
            return new CoordinatorSource(coordinator, settings);
        }
    }

    /** Generators that take ranges from servers. */
    @Configuration(proxyBeanMethods = false)
    @Conditional(WithServers.class)
    static class Served {

        @Bean
        GeneratorSource snowlineSource(SnowlineSettings settings, ObjectProvider<SslBundles> bundles) {
            @Nullable SslBundles known = bundles.getIfAvailable();
            return new ClientSource(settings.properties().client(), known);
        }
    }

    static final class WithServers implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return SnowlineSettings.of(context.getEnvironment()).takesFromServers();
        }
    }

    static final class WithoutServers implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !SnowlineSettings.of(context.getEnvironment()).takesFromServers();
        }
    }
}
