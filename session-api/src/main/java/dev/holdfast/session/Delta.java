package dev.holdfast.session;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a request changed of the attributes, applied to as many records as it takes.
 *
 * @param cleared whether all that was there went first
 * @param edits what becomes of each changed attribute
 */
record Delta(boolean cleared, Map<String, Edit> edits) {

    static final Delta NONE = new Delta(false, Map.of());

    boolean isEmpty() {
        return !cleared && edits.isEmpty();
    }

    Envelope applyTo(Envelope envelope) {
        if (isEmpty()) {
            return envelope;
        }
        Map<String, EncodedValue> values = cleared ? new LinkedHashMap<>() : new LinkedHashMap<>(envelope.values());
        edits.forEach((name, edit) -> {
            EncodedValue value = edit.applyTo(values.get(name));
            if (value == null) {
                values.remove(name);
            } else {
                values.put(name, value);
            }
        });
        return envelope.withValues(values);
    }
}
