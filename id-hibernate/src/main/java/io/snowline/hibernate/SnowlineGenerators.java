package io.snowline.hibernate;

import io.snowline.coordination.support.NearestName;
import io.snowline.id.IdGenerator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.hibernate.MappingException;
import org.jspecify.annotations.Nullable;

/**
 * The generators that {@link SnowlineId} can name.
 *
 * <p>A program that builds its session factory in code hands them over in its settings, so that two session factories
 * of one process may know different ones:
 *
 * <pre>{@code
 * settings.put(SnowlineGenerators.SETTING, Map.of("orders", ids));
 * }</pre>
 *
 * <p>Where the settings come from a {@code persistence.xml}, which cannot name objects, {@link #register} makes a generator
 * known to all session factories that are built afterwards.
 *
 * <p>Thread-safe. No generator is closed here.
 */
public final class SnowlineGenerators {

    /** The setting of a session factory: a {@code Map} of names to {@link IdGenerator}s. */
    public static final String SETTING = "io.snowline.generators";

    private static final Map<String, IdGenerator> REGISTERED = new ConcurrentHashMap<>();

    private SnowlineGenerators() {}

    /**
     * Makes a generator known to session factories that are built afterwards, unless their own settings have one of that
     * name.
     *
     * @param name the name that {@link SnowlineId} gives
     * @throws IllegalStateException if another generator has that name; {@link #remove} it first
     */
    public static void register(String name, IdGenerator generator) {
        Objects.requireNonNull(generator, "generator");
        IdGenerator other = REGISTERED.putIfAbsent(name, generator);
        if (other != null && other != generator) {
            throw new IllegalStateException("a name must have one generator, got a second one for '" + name + "'");
        }
    }

    /** Forgets the generator of a name; session factories that were built before keep it. */
    public static void remove(String name) {
        REGISTERED.remove(name);
    }

    /**
     * Finds a generator.
     *
     * @param setting the value of {@link #SETTING}, if it is set
     * @param name the name that is asked for
     * @param attribute the attribute that asks, for messages
     * @throws MappingException if there is none of that name, or the setting is not a map of generators
     */
    static IdGenerator find(@Nullable Object setting, String name, String attribute) {
        Map<String, IdGenerator> known = new TreeMap<>(REGISTERED);
        if (setting != null) {
            addAll(setting, known);
        }
        IdGenerator found = known.get(name);
        if (found == null) {
            throw new MappingException("@SnowlineId of %s must name a generator, got '%s'; %s"
                    .formatted(attribute, name, hint(name, known)));
        }
        return found;
    }

    private static void addAll(Object setting, Map<String, IdGenerator> known) {
        if (!(setting instanceof Map<?, ?> map)) {
            throw new MappingException(SETTING + " must be a map of names to generators, got a "
                    + setting.getClass().getName());
        }
        map.forEach((name, generator) -> {
            if (!(generator instanceof IdGenerator ids)) {
                throw new MappingException("%s must have an IdGenerator for each name, got %s for '%s'"
                        .formatted(
                                SETTING,
                                generator == null ? null : generator.getClass().getName(),
                                name));
            }
            known.put(String.valueOf(name), ids);
        });
    }

    private static String hint(String name, Map<String, IdGenerator> known) {
        if (known.isEmpty()) {
            return "none is known: the setting " + SETTING + " is not set, and none is registered";
        }
        return NearestName.of(name, known.keySet())
                .map(nearest -> "did you mean '%s'? known: %s".formatted(nearest, known.keySet()))
                .orElse("known: " + known.keySet());
    }
}
