package dev.holdfast.session.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A real instance whose maps write down what is called on them; each call is one operation of the cluster. */
final class CountedCalls {

    private final Queue<String> calls = new ConcurrentLinkedQueue<>();
    private final HazelcastInstance instance;

    CountedCalls(HazelcastInstance real) {
        instance = proxy(HazelcastInstance.class, (proxy, method, arguments) -> {
            Object result = invoke(real, method, arguments);
            return result instanceof IMap<?, ?> map ? counted(map) : result;
        });
    }

    private IMap<?, ?> counted(IMap<?, ?> map) {
        return proxy(IMap.class, (proxy, method, arguments) -> {
            calls.add(method.getName());
            return invoke(map, method, arguments);
        });
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    HazelcastInstance instance() {
        return instance;
    }

    /** Returns what was called since the last time. */
    List<String> take() {
        List<String> taken = new ArrayList<>();
        for (String call = calls.poll(); call != null; call = calls.poll()) {
            taken.add(call);
        }
        return taken;
    }
}
