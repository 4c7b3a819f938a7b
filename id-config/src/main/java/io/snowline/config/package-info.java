/**
 * Generators from settings. {@link io.snowline.config.Snowline} is for programs; the other types are what it shares with
 * Snowline's bundle and server.
 */
@NullMarked
package io.snowline.config;

import org.jspecify.annotations.NullMarked;
