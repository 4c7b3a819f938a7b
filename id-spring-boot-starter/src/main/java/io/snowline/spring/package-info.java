/** Snowline in Spring Boot applications: a bean for each namespace, health, metrics and an endpoint. */
@NullMarked
package io.snowline.spring;

import org.jspecify.annotations.NullMarked;
