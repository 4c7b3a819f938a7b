package io.snowline.hibernate;

import io.snowline.id.IdFormat;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.hibernate.annotations.IdGeneratorType;

/**
 * Marks an entity's identifier whose values are snowflake IDs.
 *
 * <pre>{@code
 * @Id @SnowlineId("orders") Long id;
 * @Id @SnowlineId("vouchers") String code;    // 13 characters that sort like the IDs
 * }</pre>
 *
 * <p>The identifier is a {@code long}, a {@code Long}, a {@code String}, or of a type of your own whose
 * {@link org.hibernate.annotations.JavaType} is stored as one of those and wraps it. The ID is taken before the row is
 * inserted, so inserts are batched. An identifier that the application has assigned already is kept.
 *
 * <p>The generator is looked for by name, when the session factory is built, in the setting
 * {@value SnowlineGenerators#SETTING} of that session factory, then among those of {@link SnowlineGenerators#register}.
 */
@IdGeneratorType(SnowlineIdGenerator.class)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.METHOD})
public @interface SnowlineId {

    /** The name of the generator; as a rule, the namespace of the IDs. */
    String value();

    /** How an ID is written where the identifier is text; of no effect otherwise. */
    IdFormat format() default IdFormat.BASE32;
}
