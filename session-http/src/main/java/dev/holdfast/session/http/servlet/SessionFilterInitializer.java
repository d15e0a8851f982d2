package dev.holdfast.session.http.servlet;

import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Registers a {@link ConfiguredSessionFilter} in front of all other filters, for all paths and all kinds of dispatch, if
 * the application's context has parameters for it: its init parameters, each with {@value #PREFIX} before its name.
 * Without such parameters, or if the application has named the filter itself, it does nothing.
 *
 * <p>Containers find it by themselves where this module is on the application's class path.
 */
public final class SessionFilterInitializer implements ServletContainerInitializer {

    /** What the names of the context's parameters begin with. */
    public static final String PREFIX = "dev.holdfast.session.";

    /** Called by the container. */
    public SessionFilterInitializer() {}

    /**
     * @param classes not looked at
     */
    @Override
    public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context) {
        Map<String, String> parameters = new TreeMap<>();
        Collections.list(context.getInitParameterNames()).stream()
                .filter(name -> name.startsWith(PREFIX))
                .forEach(name -> parameters.put(name.substring(PREFIX.length()), context.getInitParameter(name)));
        if (parameters.isEmpty() || isNamedAlready(context)) {
            return;
        }
        FilterRegistration.Dynamic registration =
                context.addFilter(SessionFilter.class.getName(), new ConfiguredSessionFilter());
        registration.setInitParameters(parameters);
        SessionFilter.map(registration);
    }

    private static boolean isNamedAlready(ServletContext context) {
        return context.getFilterRegistrations().values().stream()
                .anyMatch(filter -> ConfiguredSessionFilter.class.getName().equals(filter.getClassName()));
    }
}
