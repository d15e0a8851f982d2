package dev.holdfast.session;

import dev.holdfast.session.codec.UndecodableValueException;
import dev.holdfast.session.spi.SessionKey;
import java.util.Map;

/** Reports values that can't be decoded, and does with them what the policy says. */
record UndecodableValues(Undecodable policy, Codecs codecs, Events events) {

    /** Reports an attribute, and throws what says so if that is the policy. */
    void found(SessionKey key, String attribute, UndecodableValueException problem) {
        report(key, attribute, problem);
        if (policy == Undecodable.THROW) {
            throw problem;
        }
    }

    /** Returns whether the policy lets a session live that was just loaded. */
    boolean tolerate(LoadedSession loaded) {
        if (policy != Undecodable.DROP_SESSION) {
            return true;
        }
        for (Map.Entry<String, EncodedValue> attribute :
                loaded.envelope().values().entrySet()) {
            try {
                codecs.decode(attribute.getValue());
            } catch (UndecodableValueException e) {
                report(loaded.session().key(), attribute.getKey(), e);
                return false;
            }
        }
        return true;
    }

    private void report(SessionKey key, String attribute, UndecodableValueException problem) {
        events.undecodable(key, attribute, String.valueOf(problem.getMessage()));
    }
}
