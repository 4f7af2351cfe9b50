package dev.quiver.client;

import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/// Calls an actor from wherever it has travelled to: from the session of the task that calls.
///
/// @param name of the actor
/// @param type its interface
record ActorLink(String name, Class<?> type) implements InvocationHandler, Serializable {
    /// An object of the interface whose calls `handler` takes.
    Object proxy(InvocationHandler handler) {
        ClassLoader loader = type.getClassLoader();
        return Proxy.newProxyInstance(
                loader == null ? ClassLoader.getPlatformClassLoader() : loader,
                new Class<?>[] {type},
                handler);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given) {
        if (method.getDeclaringClass() == Object.class) return own(proxy, method, given);
        if (TaskSession.current() instanceof TaskSession(OpenSession session))
            return session.actorCalls(this).invoke(method, given);
        throw new IllegalStateException("a task has another session than its worker gives it");
    }

    /// What every object can do, which isn't the actor's.
    @Nullable Object own(Object proxy, Method method, Object @Nullable [] given) {
        return switch (method.getName()) {
            case "equals" -> given != null && given[0] == proxy;
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "Actor[%s]".formatted(type.getName());
        };
    }
}
