package dev.holdfast.session;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a request changed, encoded once and applied to as many records as it takes.
 *
 * @param cleared whether all that was there went first
 * @param changes the new value of each changed attribute, empty for a removed one
 */
record Delta(boolean cleared, Map<String, Optional<EncodedValue>> changes) {

    boolean isEmpty() {
        return !cleared && changes.isEmpty();
    }

    Envelope applyTo(Envelope envelope) {
        if (isEmpty()) {
            return envelope;
        }
        Map<String, EncodedValue> values = cleared ? new LinkedHashMap<>() : new LinkedHashMap<>(envelope.values());
        changes.forEach((name, value) -> {
            if (value.isPresent()) {
                values.put(name, value.get());
            } else {
                values.remove(name);
            }
        });
        return envelope.withValues(values);
    }
}
