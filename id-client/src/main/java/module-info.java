/** Snowflake IDs from ranges that servers give over HTTP. */
module io.snowline.client {
    requires static com.google.errorprone.annotations;
    requires static transitive org.jspecify;
    requires java.net.http;
    requires transitive io.snowline.id;

    exports io.snowline.client;
}
