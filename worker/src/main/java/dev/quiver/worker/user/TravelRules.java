package dev.quiver.worker.user;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.SerializerFactory;
import com.esotericsoftware.kryo.SerializerFactory.FieldSerializerFactory;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.DefaultClassResolver;
import java.io.Externalizable;
import java.io.Serializable;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Which classes travel beside those with a pinned number, and how: records, enums, arrays, and
/// what is Serializable. A class that has a serial form of its own is written that way; other
/// classes by their fields. Everything else is refused by name.
final class TravelRules extends DefaultClassResolver {
    private static final Set<String> SERIAL_METHODS =
            Set.of("writeObject", "readObject", "writeReplace", "readResolve");

    private @Nullable Companions companions;

    /// Who hears of the classes from now on; null is nobody.
    void tell(@Nullable Companions hearer) {
        this.companions = hearer;
    }

    void met(LambdaShape lambda) {
        if (companions != null) companions.met(lambda);
    }

    void met(Class<?> type) {
        if (companions == null) return;
        Class<?> element = type;
        while (element.isArray()) element = element.getComponentType();
        if (!element.isPrimitive()) companions.met(element);
    }

    @Override
    protected void writeName(
            Output output, @SuppressWarnings("rawtypes") Class type, Registration registration) {
        met(type);
        super.writeName(output, type, registration);
    }

    @Override
    public Registration registerImplicit(@SuppressWarnings("rawtypes") Class type) {
        return register(new Registration(type, serializer(type), NAME));
    }

    private Serializer<?> serializer(Class<?> type) {
        if (EnumMap.class == type) return new SerialForm();
        if (isHiddenCollection(type)) return copying(type);
        if (!type.isArray() && !isJdk(type) && !travels(type)) throw CannotTravel.refused(type);
        return kryo.getDefaultSerializer(type);
    }

    /// Makes the serializer of a class for which Kryo has none of its own.
    static final class Fallback extends SerializerFactory.BaseSerializerFactory<Serializer<?>> {
        private final FieldSerializerFactory fields;

        /// @param fields for classes whose fields say everything
        Fallback(FieldSerializerFactory fields) {
            this.fields = fields;
        }

        @Override
        public Serializer<?> newSerializer(Kryo kryo, @SuppressWarnings("rawtypes") Class type) {
            Class<?> checked = type;
            if (!travels(checked)) throw CannotTravel.refused(checked);
            return isJdk(checked) || hasSerialForm(checked)
                    ? new SerialForm()
                    : fields.newSerializer(kryo, type);
        }
    }

    private static boolean travels(Class<?> type) {
        return type.isRecord()
                || type.isEnum()
                || type.isInterface()
                || Serializable.class.isAssignableFrom(type);
    }

    private static boolean isJdk(Class<?> type) {
        return type.getClassLoader() == null || type.getModule().isNamed();
    }

    private static boolean hasSerialForm(Class<?> type) {
        if (Externalizable.class.isAssignableFrom(type)) return true;
        if (Throwable.class.isAssignableFrom(type)) return true;
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            for (var method : c.getDeclaredMethods()) {
                if (SERIAL_METHODS.contains(method.getName())) return true;
            }
        }
        return false;
    }

    /// Views and unmodifiable collections of the JDK, which nobody can make from outside.
    private static boolean isHiddenCollection(Class<?> type) {
        return isJdk(type)
                && !Modifier.isPublic(type.getModifiers())
                && !type.getName().startsWith("java.util.ImmutableCollections")
                && !type.getName().startsWith("java.util.Arrays")
                && !Enum.class.isAssignableFrom(type)
                && (Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type));
    }

    private static Serializer<?> copying(Class<?> type) {
        boolean fixed = type.getName().contains("Unmodifiable");
        if (Map.class.isAssignableFrom(type))
            return new CopySerializer<Map<?, ?>>(
                    LinkedHashMap::new, fixed ? Collections::unmodifiableMap : c -> c);
        if (Set.class.isAssignableFrom(type))
            return new CopySerializer<Set<?>>(
                    LinkedHashSet::new, fixed ? Collections::unmodifiableSet : c -> c);
        return new CopySerializer<Collection<?>>(
                ArrayList::new, fixed ? c -> Collections.unmodifiableList((List<?>) c) : c -> c);
    }

    /// Writes a copy of a public class instead.
    private static final class CopySerializer<T> extends Serializer<T> {
        private final Function<T, T> copy;
        private final Function<T, T> wrapping;

        CopySerializer(Function<T, T> copy, Function<T, T> wrapping) {
            this.copy = copy;
            this.wrapping = wrapping;
        }

        @Override
        public void write(Kryo kryo, Output output, T object) {
            kryo.writeClassAndObject(output, copy.apply(object));
        }

        @Override
        @SuppressWarnings("unchecked") // what write() wrote
        public T read(Kryo kryo, Input input, Class<? extends T> type) {
            return wrapping.apply((T) kryo.readClassAndObject(input));
        }
    }
}
