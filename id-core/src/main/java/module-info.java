import io.snowline.coordination.NodeCoordinatorFactory;
import io.snowline.coordination.local.LocalCoordinatorFactory;

/** Snowflake IDs, and the contract for the backends that coordinate them. */
module io.snowline.id {
    requires static com.google.errorprone.annotations;
    requires static transitive org.jspecify;

    exports io.snowline.id;
    exports io.snowline.time;
    exports io.snowline.coordination;
    exports io.snowline.coordination.local;
    exports io.snowline.coordination.support;

    provides NodeCoordinatorFactory with
            LocalCoordinatorFactory;
}
