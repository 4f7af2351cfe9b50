package dev.quiver.worker.user;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// How lambdas of one place in a program are made again of the values that they captured.
final class LambdaRevival {
    private static final int KEPT_MAX = 10_000;
    private static final int INTERFACE_NAMES = 3;

    /// Those of one loader, by the names as they came. Thread-safe.
    static final class Known {
        private final ClassLoader loader;
        private final Map<Names, LambdaRevival> byNames = new ConcurrentHashMap<>();

        /// @param loader finds the classes in which lambdas are written
        Known(ClassLoader loader) {
            this.loader = loader;
        }

        LambdaRevival of(byte[] names) {
            var key = new Names(names);
            LambdaRevival known = byNames.get(key);
            if (known != null) return known;
            var revival = new LambdaRevival(new Input(names), loader);
            if (byNames.size() >= KEPT_MAX) byNames.clear();
            byNames.put(key, revival);
            return revival;
        }
    }

    private static final class Names {
        private final byte[] bytes;
        private final int hash;

        Names(byte[] bytes) {
            this.bytes = bytes;
            this.hash = Arrays.hashCode(bytes);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Names names && Arrays.equals(bytes, names.bytes);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    private final Class<?> host;
    private final Method deserialize;
    private final String[] interfaceNames = new String[INTERFACE_NAMES];
    private final int kind;
    private final String implementingClass;
    private final String implementingMethod;
    private final String descriptor;
    private final String methodType;
    private final int capturedCount;

    /// The lambda, when it captures nothing: all of them are one.
    private volatile @Nullable Object alone;

    private LambdaRevival(Input names, ClassLoader loader) {
        String capturingClass = names.readString();
        for (int i = 0; i < INTERFACE_NAMES; i++) interfaceNames[i] = names.readString();
        this.kind = names.readVarInt(true);
        this.implementingClass = names.readString();
        this.implementingMethod = names.readString();
        this.descriptor = names.readString();
        this.methodType = names.readString();
        this.capturedCount = names.readVarInt(true);
        try {
            this.host = Class.forName(capturingClass.replace('/', '.'), false, loader);
            this.deserialize =
                    host.getDeclaredMethod("$deserializeLambda$", SerializedLambda.class);
            deserialize.setAccessible(true);
        } catch (ReflectiveOperationException e) {
            throw new KryoException("a lambda of %s".formatted(capturingClass), e);
        }
    }

    int capturedCount() {
        return capturedCount;
    }

    Object lambda(Object[] captured) {
        Object known = alone;
        if (known != null) return known;
        var form =
                new SerializedLambda(
                        host,
                        interfaceNames[0],
                        interfaceNames[1],
                        interfaceNames[2],
                        kind,
                        implementingClass,
                        implementingMethod,
                        descriptor,
                        methodType,
                        captured);
        try {
            Object lambda = deserialize.invoke(null, form);
            if (capturedCount == 0) alone = lambda;
            return lambda;
        } catch (InvocationTargetException e) {
            throw new KryoException("a lambda of %s".formatted(host.getName()), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new KryoException("a lambda of %s".formatted(host.getName()), e);
        }
    }
}
