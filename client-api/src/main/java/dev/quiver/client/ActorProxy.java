package dev.quiver.client;

import java.io.Serial;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/// Calls an actor in the process that made it; what travels is its [ActorLink].
final class ActorProxy implements InvocationHandler, Serializable {
    @Serial private static final long serialVersionUID = 1;

    private final ActorLink link;
    private final transient ActorCalls calls;

    ActorProxy(ActorLink link, ActorCalls calls) {
        this.link = link;
        this.calls = calls;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given) {
        return method.getDeclaringClass() == Object.class
                ? link.own(proxy, method, given)
                : calls.invoke(method, given);
    }

    @Serial
    private Object writeReplace() {
        return link;
    }
}
