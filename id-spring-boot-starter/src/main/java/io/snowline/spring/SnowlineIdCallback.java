package io.snowline.spring;

import io.snowline.hibernate.SnowlineId;
import io.snowline.id.IdGenerator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.data.mapping.PersistentPropertyAccessor;
import org.springframework.data.relational.core.mapping.RelationalMappingContext;
import org.springframework.data.relational.core.mapping.RelationalPersistentEntity;
import org.springframework.data.relational.core.mapping.RelationalPersistentProperty;
import org.springframework.data.relational.core.mapping.event.BeforeConvertCallback;

/**
 * Sets the ID of an aggregate of Spring Data JDBC that is marked with {@code @Id @SnowlineId} and has none yet. Thread-safe.
 */
final class SnowlineIdCallback implements BeforeConvertCallback<Object> {

    private final SnowlineNamespaces namespaces;
    private final ObjectProvider<RelationalMappingContext> mapping;

    /** Makes the callback; the mapping is looked up when it is needed, since it may need the callback. */
    SnowlineIdCallback(SnowlineNamespaces namespaces, ObjectProvider<RelationalMappingContext> mapping) {
        this.namespaces = namespaces;
        this.mapping = mapping;
    }

    @Override
    public Object onBeforeConvert(Object aggregate) {
        RelationalPersistentEntity<?> entity = mapping.getObject().getRequiredPersistentEntity(aggregate.getClass());
        RelationalPersistentProperty id = entity.getIdProperty();
        SnowlineId annotation = id == null ? null : id.findAnnotation(SnowlineId.class);
        return id == null || annotation == null ? aggregate : withId(aggregate, entity, id, annotation);
    }

    private Object withId(
            Object aggregate,
            RelationalPersistentEntity<?> entity,
            RelationalPersistentProperty id,
            SnowlineId annotation) {
        PersistentPropertyAccessor<Object> accessor = entity.getPropertyAccessor(aggregate);
        @Nullable Object assigned = accessor.getProperty(id);
        boolean none = assigned == null || (id.getType().isPrimitive() && assigned.equals(0L));
        if (none) {
            accessor.setProperty(id, next(id, annotation));
        }
        return accessor.getBean();
    }

    private Object next(RelationalPersistentProperty id, SnowlineId annotation) {
        Map<String, IdGenerator> generators = namespaces.generators();
        IdGenerator generator = generators.get(annotation.value());
        if (generator == null) {
            throw new InvalidDataAccessApiUsageException(
                    "@SnowlineId of %s must name one of the namespaces %s, got '%s'"
                            .formatted(id, generators.keySet(), annotation.value()));
        }
        Class<?> type = id.getType();
        if (type == String.class) {
            return annotation.format().format(generator.nextId());
        }
        if (type == Long.class || type == long.class) {
            return generator.nextId();
        }
        throw new InvalidDataAccessApiUsageException(
                "@SnowlineId of %s must be at a long, a Long or a String, got %s".formatted(id, type.getName()));
    }
}
