package dev.holdfast.session.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which values {@link TypedWriter} takes, without writing them. */
final class StorableTypes {

    private static final Set<Class<?>> EXACT_TYPES = Set.of(
            Boolean.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            Character.class,
            BigInteger.class,
            BigDecimal.class,
            String.class,
            UUID.class,
            URI.class,
            Locale.class,
            Instant.class,
            Duration.class,
            Period.class,
            LocalDate.class,
            LocalTime.class,
            LocalDateTime.class,
            OffsetDateTime.class,
            OffsetTime.class,
            ZonedDateTime.class,
            Year.class,
            YearMonth.class,
            MonthDay.class,
            DayOfWeek.class,
            Month.class,
            byte[].class,
            int[].class,
            long[].class,
            double[].class,
            String[].class);

    private StorableTypes() {}

    static boolean accept(@Nullable Object value, Enums enums, Others others, int depth) {
        if (value instanceof String || value == null || EXACT_TYPES.contains(value.getClass())) {
            return true;
        }
        if (value instanceof Enum<?> constant && enums.allows(constant)) {
            return true;
        }
        if (others.codecFor(value) != null) {
            return true;
        }
        if (value instanceof Map<?, ?> map) {
            return !(map instanceof IdentityHashMap)
                    && (!(map instanceof SortedMap<?, ?> sorted) || TypedWriter.isNaturalOrder(sorted.comparator()))
                    && acceptAll(map.keySet(), enums, others, depth)
                    && acceptAll(map.values(), enums, others, depth);
        }
        if (value instanceof List<?> || value instanceof Set<?>) {
            return (!(value instanceof SortedSet<?> sorted) || TypedWriter.isNaturalOrder(sorted.comparator()))
                    && acceptAll((Collection<?>) value, enums, others, depth);
        }
        return value instanceof ZoneId;
    }

    private static boolean acceptAll(Collection<?> elements, Enums enums, Others others, int depth) {
        if (depth == TypedWriter.MAX_DEPTH) {
            return false;
        }
        for (Object element : elements) {
            if (!accept(element, enums, others, depth + 1)) {
                return false;
            }
        }
        return true;
    }
}
