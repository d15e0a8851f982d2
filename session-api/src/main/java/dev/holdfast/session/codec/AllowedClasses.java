package dev.holdfast.session.codec;

import java.io.InvalidClassException;
import java.io.ObjectStreamClass;
import java.io.Serializable;
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
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** The classes that serialized bytes may name. Names are looked up here, and no class is loaded by one. */
final class AllowedClasses {

    private static final int MAX_DIMENSIONS = 8;

    private static final List<Class<?>> VALUES = List.of(
            Object.class,
            Number.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            Boolean.class,
            Character.class,
            String.class,
            BigInteger.class,
            BigDecimal.class,
            UUID.class,
            URI.class,
            Locale.class,
            Date.class,
            ArrayList.class,
            LinkedList.class,
            ArrayDeque.class,
            Arrays.asList().getClass(),
            Enum.class,
            named("java.time.Ser"),
            Instant.class,
            Duration.class,
            Period.class,
            LocalDate.class,
            LocalTime.class,
            LocalDateTime.class,
            OffsetDateTime.class,
            OffsetTime.class,
            ZonedDateTime.class,
            ZoneOffset.class,
            ZoneId.of("Europe/Berlin").getClass(),
            Year.class,
            YearMonth.class,
            MonthDay.class,
            DayOfWeek.class,
            Month.class,
            boolean.class,
            byte.class,
            short.class,
            int.class,
            long.class,
            float.class,
            double.class,
            char.class);

    private static final List<Class<?>> COLLECTIONS = List.of(
            HashMap.class,
            LinkedHashMap.class,
            TreeMap.class,
            EnumMap.class,
            HashSet.class,
            LinkedHashSet.class,
            TreeSet.class,
            Map.Entry.class,
            named("java.util.CollSer"),
            List.of().getClass(),
            List.of(0).getClass(),
            Set.of().getClass(),
            Set.of(0).getClass(),
            Map.of().getClass(),
            Map.of(0, 0).getClass(),
            Collections.emptyList().getClass(),
            Collections.emptyMap().getClass(),
            Collections.emptySet().getClass(),
            Collections.singletonList(0).getClass(),
            Collections.singletonMap(0, 0).getClass(),
            Collections.singleton(0).getClass(),
            named("java.util.Collections$UnmodifiableCollection"),
            Collections.unmodifiableCollection(List.of()).getClass(),
            named("java.util.Collections$UnmodifiableList"),
            Collections.unmodifiableList(new ArrayList<>()).getClass(),
            Collections.unmodifiableMap(Map.of()).getClass(),
            Collections.unmodifiableSet(new HashSet<>()).getClass());

    private final Map<String, Class<?>> byName = new HashMap<>();

    AllowedClasses(Collection<Class<?>> types, boolean collections) {
        VALUES.forEach(this::add);
        if (collections) {
            COLLECTIONS.forEach(this::add);
        }
        for (Class<?> type : types) {
            Class<?> each = type;
            while (each != null && Serializable.class.isAssignableFrom(each)) {
                add(each);
                each = each.getSuperclass();
            }
        }
    }

    private void add(Class<?> type) {
        byName.put(type.getName(), type);
    }

    /** Returns the class of a value; for a constant that of its enum, even if it has a body of its own. */
    static Class<?> typeOf(Object value) {
        return value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass();
    }

    boolean contains(Class<?> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        return byName.get(element.getName()) == element;
    }

    /** Returns the allowed class that serialized bytes name. */
    Class<?> resolve(ObjectStreamClass described) throws InvalidClassException {
        String name = described.getName();
        int dimensions = 0;
        while (dimensions < name.length() && name.charAt(dimensions) == '[') {
            dimensions++;
        }
        Class<?> type = byName.get(dimensions == 0 ? name : element(name.substring(dimensions)));
        if (type == null || dimensions > MAX_DIMENSIONS) {
            throw new InvalidClassException("a class that is not allowed");
        }
        for (int i = 0; i < dimensions; i++) {
            type = type.arrayType();
        }
        return type;
    }

    private static String element(String descriptor) {
        return switch (descriptor) {
            case "Z" -> "boolean";
            case "B" -> "byte";
            case "S" -> "short";
            case "I" -> "int";
            case "J" -> "long";
            case "F" -> "float";
            case "D" -> "double";
            case "C" -> "char";
            default ->
                descriptor.startsWith("L") && descriptor.endsWith(";")
                        ? descriptor.substring(1, descriptor.length() - 1)
                        : "";
        };
    }

    private static Class<?> named(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError("every Java platform has " + name, e);
        }
    }
}
