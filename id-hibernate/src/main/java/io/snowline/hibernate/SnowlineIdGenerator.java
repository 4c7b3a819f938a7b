package io.snowline.hibernate;

import io.snowline.id.IdGenerator;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.util.EnumSet;
import org.hibernate.MappingException;
import org.hibernate.engine.config.spi.ConfigurationService;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.generator.AnnotationBasedGenerator;
import org.hibernate.generator.BeforeExecutionGenerator;
import org.hibernate.generator.EventType;
import org.hibernate.generator.EventTypeSets;
import org.hibernate.generator.GeneratorCreationContext;
import org.hibernate.type.BasicType;
import org.hibernate.type.SqlTypes;
import org.hibernate.type.descriptor.WrapperOptions;
import org.hibernate.type.descriptor.java.JavaType;
import org.jspecify.annotations.Nullable;

/**
 * Takes the identifier of a new entity from an {@link IdGenerator}; Hibernate makes one for each {@link SnowlineId}.
 *
 * <p>Thread-safe.
 */
public final class SnowlineIdGenerator implements BeforeExecutionGenerator, AnnotationBasedGenerator<SnowlineId> {

    private static final long serialVersionUID = 1L;

    /** Hibernate declares generators serializable, and never serializes one that is in use. */
    private transient @Nullable Source source;

    /** Makes a generator that is to be initialized. Hibernate 6.6 knows no constructor with all three parameters. */
    public SnowlineIdGenerator() {}

    /** Makes an ID the value of an attribute. */
    @FunctionalInterface
    private interface Conversion {
        Object valueOf(long id, WrapperOptions options);
    }

    /**
     * Where the values of an attribute come from.
     *
     * @param primitive whether 0 stands for no value
     */
    private record Source(IdGenerator ids, Conversion conversion, boolean primitive) {

        /** Returns the value that the application has assigned, or a new one if there is none. */
        Object assignedOrNew(@Nullable Object assigned, WrapperOptions options) {
            return assigned == null || (primitive && assigned.equals(0L))
                    ? conversion.valueOf(ids.nextId(), options)
                    : assigned;
        }
    }

    /**
     * Finds the generator that the annotation names.
     *
     * @throws MappingException if there is none, or if an ID cannot be the value of the attribute
     */
    @Override
    public void initialize(SnowlineId annotation, Member member, GeneratorCreationContext context) {
        String attribute = member.getDeclaringClass().getSimpleName() + "." + member.getName();
        @Nullable
        Object setting = context.getServiceRegistry()
                .requireService(ConfigurationService.class)
                .getSettings()
                .get(SnowlineGenerators.SETTING);
        Class<?> type = member instanceof Field field ? field.getType() : ((Method) member).getReturnType();
        source = new Source(
                SnowlineGenerators.find(setting, annotation.value(), attribute),
                conversion(context, type, annotation, attribute),
                type.isPrimitive());
    }

    private static Conversion conversion(
            GeneratorCreationContext context, Class<?> type, SnowlineId annotation, String attribute) {
        if (type == Long.class || type == long.class) {
            return (id, options) -> id;
        }
        if (type == String.class) {
            return (id, options) -> annotation.format().format(id);
        }
        if (context.getProperty().getType() instanceof BasicType<?> basic) {
            return conversion(basic, annotation, attribute);
        }
        throw refusal(type, attribute);
    }

    /** Makes what is stored the attribute's value, as is done when a row is read. */
    private static Conversion conversion(BasicType<?> type, SnowlineId annotation, String attribute) {
        JavaType<?> javaType = type.getJavaTypeDescriptor();
        return switch (type.getJdbcType().getDefaultSqlTypeCode()) {
            case SqlTypes.BIGINT -> (id, options) -> javaType.wrap(id, options);
            case SqlTypes.VARCHAR, SqlTypes.CHAR ->
                (id, options) -> javaType.wrap(annotation.format().format(id), options);
            default -> throw refusal(javaType.getJavaTypeClass(), attribute);
        };
    }

    private static MappingException refusal(Class<?> type, String attribute) {
        return new MappingException(
                "@SnowlineId of %s must be at a long, a Long, a String, or a type of your own that is stored as one of them, got %s"
                        .formatted(attribute, type.getName()));
    }

    @Override
    public Object generate(
            SharedSessionContractImplementor session,
            Object owner,
            @Nullable Object currentValue,
            EventType eventType) {
        Source initialized = source;
        if (initialized == null) {
            throw new IllegalStateException("a generator must be initialized before it is used");
        }
        return initialized.assignedOrNew(currentValue, session);
    }

    @Override
    public EnumSet<EventType> getEventTypes() {
        return EventTypeSets.INSERT_ONLY;
    }

    @Override
    public boolean allowAssignedIdentifiers() {
        return true;
    }
}
