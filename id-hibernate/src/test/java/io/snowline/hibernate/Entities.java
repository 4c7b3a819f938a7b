package io.snowline.hibernate;

import io.snowline.id.IdFormat;
import jakarta.persistence.CascadeType;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.MappedSuperclass;
import jakarta.persistence.OneToMany;
import jakarta.persistence.Table;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.annotations.JavaType;
import org.hibernate.type.SqlTypes;
import org.hibernate.type.descriptor.WrapperOptions;
import org.hibernate.type.descriptor.java.AbstractClassJavaType;
import org.hibernate.type.descriptor.jdbc.JdbcType;
import org.hibernate.type.descriptor.jdbc.JdbcTypeIndicators;
import org.jspecify.annotations.Nullable;

/** The entities of the tests. */
final class Entities {

    private Entities() {}

    @Entity
    @Table(name = "purchase")
    static class Order {

        @Id
        @SnowlineId("orders")
        long id;

        @OneToMany(cascade = CascadeType.ALL)
        @JoinColumn(name = "purchase_id")
        List<Line> lines = new ArrayList<>();
    }

    @Entity
    static class Line {

        @Id
        @SnowlineId("lines")
        @Nullable
        Long id;
    }

    @MappedSuperclass
    abstract static class Identified {

        @Id
        @SnowlineId("orders")
        @Nullable
        Long id;
    }

    @Entity(name = "Customer")
    static class Customer extends Identified {}

    @Entity
    static class Supplier extends Identified {}

    @Entity
    static class Voucher {

        @Id
        @SnowlineId("vouchers")
        @Nullable
        String code;
    }

    @Entity
    static class Coupon {

        @Id
        @SnowlineId(value = "vouchers", format = IdFormat.HEX)
        @Nullable
        String code;
    }

    /** An identifier with a type of its own. */
    record ParcelId(long number) {}

    /** How Hibernate stores it: as a number. */
    static final class ParcelIdType extends AbstractClassJavaType<ParcelId> {

        private static final long serialVersionUID = 1L;

        ParcelIdType() {
            super(ParcelId.class);
        }

        @Override
        public JdbcType getRecommendedJdbcType(JdbcTypeIndicators indicators) {
            return indicators.getJdbcType(SqlTypes.BIGINT);
        }

        @Override
        public <X> X unwrap(ParcelId id, Class<X> type, WrapperOptions options) {
            return id == null ? null : type.cast(id.number());
        }

        @Override
        public <X> ParcelId wrap(X stored, WrapperOptions options) {
            return stored == null || stored instanceof ParcelId
                    ? (ParcelId) stored
                    : new ParcelId(((Number) stored).longValue());
        }
    }

    @Entity
    static class Parcel {

        @Id
        @SnowlineId("orders")
        @JavaType(ParcelIdType.class)
        @Nullable
        ParcelId id;
    }

    @Entity
    static class Misnamed {

        @Id
        @SnowlineId("ordres")
        @Nullable
        Long id;
    }

    @Entity
    static class TooShort {

        @Id
        @SnowlineId("orders")
        int id;
    }
}
