package io.snowline.config;

import io.snowline.id.IdLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** How long a layout's timestamps will last, in a form for people. Immutable and thread-safe. */
public record TimeLeft(Duration duration) {

    private static final double DAYS_PER_YEAR = 365.2425;
    private static final int FEW_YEARS = 3;

    /** Returns how long a layout lasts from now on. */
    public static TimeLeft of(IdLayout layout) {
        return new TimeLeft(layout.timeLeft(Instant.now()));
    }

    /** Returns the number of years. */
    public double years() {
        return duration.toDays() / DAYS_PER_YEAR;
    }

    /** Tells whether it is time to plan for another namespace. */
    public boolean few() {
        return years() < FEW_YEARS;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.1f years", years());
    }
}
