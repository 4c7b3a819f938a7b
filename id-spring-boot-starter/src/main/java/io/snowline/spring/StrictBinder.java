package io.snowline.spring;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.env.Environment;
import org.springframework.util.ReflectionUtils;

/**
 * Binds properties, and refuses those that it does not know. Environment variables and system properties are not
 * searched for unknown ones, as everywhere in Spring Boot.
 *
 * <p>Thread-safe.
 */
final class StrictBinder {

    private final Binder binder;

    StrictBinder(Environment environment) {
        binder = Binder.get(environment);
    }

    /**
     * Makes an object of the properties below a prefix.
     *
     * @throws SnowlineConfigurationException if a property is unknown, or has a value that its type cannot have
     */
    <T> T create(String prefix, Class<T> type) {
        try {
            return binder.bindOrCreate(prefix, Bindable.of(type), strictly());
        } catch (BindException e) {
            throw explained(e, prefix, type);
        }
    }

    /**
     * Sets the properties of an object from those below a prefix.
     *
     * @param others has fields for properties that have another use
     * @throws SnowlineConfigurationException if a property is unknown, or a setter refuses its value
     */
    void fill(String prefix, Object object, Class<?> others) {
        try {
            var unused = binder.bind(prefix, Bindable.ofInstance(object), strictly());
        } catch (BindException e) {
            if (!(e.getCause() instanceof UnboundConfigurationPropertiesException unknown)
                    || unknown.getUnboundProperties().stream()
                            .anyMatch(property -> !isField(property.getName(), prefix, others))) {
                throw explained(e, prefix, object.getClass(), others);
            }
        }
    }

    private static boolean isField(ConfigurationPropertyName name, String prefix, Class<?> shape) {
        return ConfigurationPropertyName.of(prefix).isParentOf(name)
                && ReflectionUtils.findField(shape, name.getLastElement(Form.DASHED)) != null;
    }

    private static BindHandler strictly() {
        return new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter());
    }

    /** Says what is wrong in our own words: Spring's own would show the value, which may be a secret. */
    private static SnowlineConfigurationException explained(BindException e, String prefix, Class<?>... shapes) {
        if (e.getCause() instanceof UnboundConfigurationPropertiesException unknown) {
            KnownProperties known = new KnownProperties(ConfigurationPropertyName.of(prefix), List.of(shapes));
            List<String> problems = unknown.getUnboundProperties().stream()
                    .filter(property ->
                            Stream.of(shapes).noneMatch(shape -> isField(property.getName(), prefix, shape)))
                    .map(property -> known.refusal(property.getName()) + origin(property.getOrigin()))
                    .toList();
            return new SnowlineConfigurationException(problems, null);
        }
        return new SnowlineConfigurationException(e.getName() + ": " + complaint(e), e);
    }

    private static String origin(@Nullable Object origin) {
        return origin == null ? "" : " (" + origin + ")";
    }

    private static String complaint(BindException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ConversionFailedException failed) {
                return "must be of type %s, got '%s'"
                        .formatted(failed.getTargetType().getType().getSimpleName(), failed.getValue());
            }
            if (cause instanceof IllegalArgumentException) {
                return String.valueOf(cause.getMessage());
            }
        }
        return "must be of type " + e.getTarget().getType();
    }
}
