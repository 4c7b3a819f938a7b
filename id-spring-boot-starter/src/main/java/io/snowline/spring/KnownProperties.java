package io.snowline.spring;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.PropertyMatches;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.ResolvableType;
import org.springframework.util.ReflectionUtils;

/**
 * The properties that there are below a prefix, as fields of classes, to find the one that was probably meant.
 *
 * @param shapes the classes whose fields they are
 */
record KnownProperties(ConfigurationPropertyName prefix, List<Class<?>> shapes) {

    private static final Pattern DASH = Pattern.compile("-(.)");

    /** Says that a property is unknown, and which one was probably meant. */
    String refusal(ConfigurationPropertyName name) {
        String meant = shapes.stream()
                .flatMap(shape -> nearest(name, shape).stream())
                .findFirst()
                .map(near -> ", did you mean " + near + "?")
                .orElse("");
        return "unknown property " + name + meant;
    }

    private Optional<ConfigurationPropertyName> nearest(ConfigurationPropertyName name, Class<?> shape) {
        ResolvableType at = ResolvableType.forClass(shape);
        for (int i = prefix.getNumberOfElements(); i < name.getNumberOfElements(); i++) {
            if (Map.class.isAssignableFrom(at.toClass())) {
                at = at.asMap().getGeneric(1); // this element is a key
                continue;
            }
            String property = camelCase(name.getElement(i, Form.DASHED));
            @Nullable Field field = ReflectionUtils.findField(at.toClass(), property);
            if (field == null) {
                ConfigurationPropertyName parent = name.chop(i);
                return Stream.of(
                                PropertyMatches.forField(property, at.toClass()).getPossibleMatches())
                        .findFirst()
                        .map(match -> parent.append(DataObjectPropertyName.toDashedForm(match)));
            }
            at = ResolvableType.forField(field);
        }
        return Optional.empty();
    }

    private static String camelCase(String dashed) {
        return DASH.matcher(dashed).replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
    }
}
