/** What Spring Boot 3 has under other names than Spring Boot 4. */
@NullMarked
package io.snowline.spring.boot3;

import org.jspecify.annotations.NullMarked;
