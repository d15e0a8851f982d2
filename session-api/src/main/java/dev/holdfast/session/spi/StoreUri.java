package dev.holdfast.session.spi;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A store's URI taken apart, for providers: {@code scheme:location?setting=value&…}. Each wrong setting is a
 * {@link StoreMisconfiguredException} that names it and says what is right; no message repeats the location or a
 * value that may hold a password.
 */
public final class StoreUri {

    private final String scheme;
    private final String location;
    private final Map<String, String> settings;

    private StoreUri(String scheme, String location, Map<String, String> settings) {
        this.scheme = scheme;
        this.location = location;
        this.settings = settings;
    }

    /**
     * Takes a URI apart.
     *
     * @param knownSettings the names that may stand in the query; another one is an error that lists them
     */
    public static StoreUri parse(URI uri, String... knownSettings) {
        if (uri.getRawFragment() != null) {
            throw new StoreMisconfiguredException(
                    "the " + uri.getScheme() + ": URI has a #, after which nothing counts; write %23 instead");
        }
        String rest = uri.getRawSchemeSpecificPart();
        int question = rest.indexOf('?');
        String location = question < 0 ? rest : rest.substring(0, question);
        Map<String, String> settings = new LinkedHashMap<>();
        if (question >= 0 && question < rest.length() - 1) {
            for (String pair : rest.substring(question + 1).split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                if (!List.of(knownSettings).contains(name)) {
                    throw new StoreMisconfiguredException("the " + uri.getScheme() + ": URI has no setting '" + name
                            + "'; it has " + (knownSettings.length == 0 ? "none" : String.join(", ", knownSettings)));
                }
                if (equals < 0) {
                    throw new StoreMisconfiguredException("the setting '" + name + "' of the " + uri.getScheme()
                            + ": URI needs a value: " + name + "=…");
                }
                if (settings.put(name, decode(pair.substring(equals + 1))) != null) {
                    throw new StoreMisconfiguredException(
                            "the setting '" + name + "' stands twice in the " + uri.getScheme() + ": URI");
                }
            }
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        return new StoreUri(scheme, decode(location), settings);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Returns what stands between the scheme's colon and the question mark, with percent signs decoded. */
    public String location() {
        return location;
    }

    /** Returns a setting as text, or {@code null} if it is not given. */
    public @Nullable String text(String name) {
        return settings.get(name);
    }

    /** Returns a setting as a whole number within bounds, or the default if it is not given. */
    public int integer(String name, int least, int most, int otherwise) {
        String value = settings.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // the message below says what is right
        }
        throw wrong(name, "a whole number from " + least + " to " + most);
    }

    /** Returns a setting as one of an enum's constants, in any case, or the default if it is not given. */
    public <E extends Enum<E>> E choice(String name, E otherwise) {
        String value = settings.get(name);
        if (value == null) {
            return otherwise;
        }
        E[] constants = otherwise.getDeclaringClass().getEnumConstants();
        return Arrays.stream(constants)
                .filter(constant -> constant.name().equalsIgnoreCase(value))
                .findFirst()
                .orElseThrow(() -> wrong(
                        name,
                        Arrays.stream(constants)
                                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(" or "))));
    }

    private StoreMisconfiguredException wrong(String name, String right) {
        return new StoreMisconfiguredException(
                "the setting '" + name + "' of the " + scheme + ": URI must be " + right);
    }
}
