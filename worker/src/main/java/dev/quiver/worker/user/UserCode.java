package dev.quiver.worker.user;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.SerializerFactory;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.FieldSerializer;
import com.esotericsoftware.kryo.util.DefaultInstantiatorStrategy;
import com.esotericsoftware.kryo.util.MapReferenceResolver;
import dev.quiver.error.QuiverException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.objenesis.strategy.StdInstantiatorStrategy;

/// Turns closures and values of the user's into bytes and back, as a cluster does on the way to a
/// worker and from it. Thread-safe.
public final class UserCode {
    private static final int BUFFER_BYTES = 256;

    static {
        // plain field access: what Unsafe would gain isn't worth the JVM's warning
        System.setProperty("kryo.unsafe", "false");
    }

    private final @Nullable ClassLoader loader;
    private final Queue<Kryo> idle = new ConcurrentLinkedQueue<>();

    /// @param loader finds the classes of the user's; null is the JDK's own
    public UserCode(@Nullable ClassLoader loader) {
        this.loader = loader;
    }

    /// The bytes of a closure or value.
    ///
    /// @param role what an error calls it, such as `the closure`
    /// @throws QuiverException with the code `NOT_SERIALIZABLE`, naming the captured variable or
    ///   the class that can't travel
    public byte[] pack(@Nullable Object value, String role) {
        Kryo kryo = borrow();
        var output = new Output(BUFFER_BYTES, -1);
        try {
            kryo.writeClassAndObject(output, value);
            idle.add(kryo);
            return output.toBytes();
        } catch (KryoException e) {
            if (e.getCause() instanceof QuiverException inner) throw inner;
            throw CannotTravel.value(role, value, e);
        } catch (StackOverflowError e) {
            throw CannotTravel.value(
                    role, value, new KryoException("its objects are nested too deeply", e));
        }
    }

    /// A fresh copy of what was packed.
    public @Nullable Object unpack(byte[] bytes) {
        Kryo kryo = borrow();
        try {
            Object value = kryo.readClassAndObject(new Input(bytes));
            idle.add(kryo);
            return value;
        } catch (KryoException e) {
            throw CannotTravel.value("a value that arrived", null, e);
        }
    }

    private Kryo borrow() {
        Kryo kryo = idle.poll();
        return kryo == null ? make() : kryo;
    }

    Kryo make() {
        var kryo = new Kryo(new TravelRules(), new MapReferenceResolver());
        kryo.setRegistrationRequired(false);
        kryo.setWarnUnregisteredClasses(false);
        kryo.setReferences(true);
        kryo.setInstantiatorStrategy(
                new DefaultInstantiatorStrategy(new StdInstantiatorStrategy()));
        if (loader != null) kryo.setClassLoader(loader);
        var fields = new FieldSerializer.FieldSerializerConfig();
        fields.setIgnoreSyntheticFields(false); // what an anonymous class captures
        kryo.setDefaultSerializer(
                new TravelRules.Fallback(new SerializerFactory.FieldSerializerFactory(fields)));
        PinnedClasses.register(kryo);
        return kryo;
    }
}
