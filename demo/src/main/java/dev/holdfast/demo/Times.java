package dev.holdfast.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as people read them. */
final class Times {

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("d MMM, HH:mm:ss", Locale.ENGLISH).withZone(ZoneId.systemDefault());

    private Times() {}

    static String clock(Instant instant) {
        return CLOCK.format(instant);
    }

    static String since(Instant instant, Instant now) {
        return text(Duration.between(instant, now));
    }

    static String text(Duration duration) {
        if (duration.compareTo(Duration.ofDays(36_500)) > 0) {
            return "for ever";
        }
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }
}
