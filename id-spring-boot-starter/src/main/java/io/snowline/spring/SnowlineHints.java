package io.snowline.spring;

import io.snowline.coordination.NodeCoordinatorFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;

/**
 * What a native image must keep: the setters of the coordinators on the class path, which properties are bound to, their
 * entries for the service loader, and the scripts of the one for Redis. Thread-safe.
 */
final class SnowlineHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        BindableRuntimeHintsRegistrar.forTypes(SnowlineProperties.class).registerHints(hints);
        for (NodeCoordinatorFactory factory : SnowlineSettings.coordinatorFactories()) {
            Class<?> type = factory.getClass();
            BindableRuntimeHintsRegistrar.forTypes(type).registerHints(hints);
            hints.reflection().registerType(type, MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS);
        }
        hints.resources().registerPattern("META-INF/services/" + NodeCoordinatorFactory.class.getName());
        hints.resources().registerPattern("io/snowline/coordination/redis/*.lua");
    }
}
