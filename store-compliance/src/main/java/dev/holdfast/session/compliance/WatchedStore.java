package dev.holdfast.session.compliance;

import dev.holdfast.session.spi.SessionStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** A store with all abilities that it has, of which is written down what is called, and before whose verbs a test can act. */
final class WatchedStore implements InvocationHandler {

    private final SessionStore delegate;
    private final SessionStore watched;
    private final Queue<String> calls = new ConcurrentLinkedQueue<>();
    private final Map<String, Runnable> before = new ConcurrentHashMap<>();

    WatchedStore(SessionStore delegate) {
        this.delegate = delegate;
        this.watched = (SessionStore)
                Proxy.newProxyInstance(SessionStore.class.getClassLoader(), interfaces(delegate.getClass()), this);
    }

    private static Class<?>[] interfaces(Class<?> type) {
        Set<Class<?>> all = new LinkedHashSet<>();
        for (Class<?> level = type; level != null; level = level.getSuperclass()) {
            for (Class<?> each : level.getInterfaces()) {
                if (each.getPackage() == SessionStore.class.getPackage()) {
                    all.add(each);
                }
            }
        }
        return all.toArray(Class<?>[]::new);
    }

    SessionStore store() {
        return watched;
    }

    /** Returns the names of the verbs called since the last time, and forgets them. */
    List<String> calls() {
        List<String> result = new ArrayList<>();
        for (String call = calls.poll(); call != null; call = calls.poll()) {
            result.add(call);
        }
        return result;
    }

    /** Runs an action before the next call of a verb, once. */
    void before(String verb, Runnable action) {
        before.put(verb, action);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        calls.add(method.getName());
        Runnable action = before.remove(method.getName());
        if (action != null) {
            action.run();
        }
        try {
            return method.invoke(delegate, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
