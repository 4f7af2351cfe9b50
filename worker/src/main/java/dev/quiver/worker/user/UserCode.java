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
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
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
    private final LambdaRevival.Known revivals;
    private final Queue<WeakReference<Kryo>> idle = new ConcurrentLinkedQueue<>();

    /// @param loader finds the classes of the user's; null is the JDK's own
    public UserCode(@Nullable ClassLoader loader) {
        this.loader = loader;
        this.revivals =
                new LambdaRevival.Known(loader == null ? Kryo.class.getClassLoader() : loader);
    }

    /// The bytes of a closure or value.
    ///
    /// @param role what an error calls it, such as `the closure`
    /// @throws QuiverException with the code `NOT_SERIALIZABLE`, naming the captured variable or
    ///   the class that can't travel
    public byte[] pack(@Nullable Object value, String role) {
        return pack(value, role, null);
    }

    /// The bytes of a closure or value, and behind it those of its companions.
    ///
    /// @param role what an error calls it, such as `the closure`
    /// @param companions what else is written; null is nothing
    /// @throws QuiverException with the code `NOT_SERIALIZABLE`, naming the captured variable, the
    ///   companion or the class that can't travel
    public byte[] pack(@Nullable Object value, String role, @Nullable Companions companions) {
        Kryo kryo = borrow();
        var rules = (TravelRules) kryo.getClassResolver();
        var output = new Output(BUFFER_BYTES, -1);
        rules.tell(companions);
        kryo.setAutoReset(false); // an object of two companions is one object
        write(kryo, output, value, problem -> CannotTravel.value(role, value, problem));
        Companions.Companion next = companions == null ? null : companions.next();
        while (companions != null && next != null) {
            Companions.Companion companion = next;
            write(
                    kryo,
                    output,
                    companion.value(),
                    problem ->
                            CannotTravel.companion(
                                    companion.name(), role, companion.value(), problem));
            next = companions.next();
        }
        kryo.reset();
        kryo.setAutoReset(true);
        rules.tell(null);
        giveBack(kryo);
        return output.toBytes();
    }

    /// Writes a value; a Kryo that failed is not used again.
    private static void write(
            Kryo kryo,
            Output output,
            @Nullable Object value,
            Function<KryoException, QuiverException> refusal) {
        try {
            kryo.writeClassAndObject(output, value);
        } catch (KryoException e) {
            if (e.getCause() instanceof QuiverException inner) throw inner;
            throw refusal.apply(e);
        } catch (StackOverflowError e) {
            throw refusal.apply(new KryoException("its objects are nested too deeply", e));
        }
    }

    /// A fresh copy of what was packed.
    public @Nullable Object unpack(byte[] bytes) {
        return unpack(bytes, 0, 0).getFirst();
    }

    /// A fresh copy of what was packed with companions: the value, then the companions.
    ///
    /// @param from where the value's bytes begin
    /// @param companions how many there are
    public List<@Nullable Object> unpack(byte[] bytes, int from, int companions) {
        Kryo kryo = borrow();
        var input = new Input(bytes, from, bytes.length - from);
        var values = new ArrayList<@Nullable Object>(companions + 1);
        try {
            kryo.setAutoReset(false);
            for (int i = 0; i <= companions; i++) values.add(kryo.readClassAndObject(input));
            kryo.reset();
            kryo.setAutoReset(true);
            giveBack(kryo);
            return values;
        } catch (KryoException e) {
            if (e.getCause() instanceof QuiverException inner) throw inner;
            throw CannotTravel.value("a value that arrived", null, e);
        }
    }

    /// Only weakly kept: a Kryo knows classes of the user's, whose loader may go.
    private void giveBack(Kryo kryo) {
        idle.add(new WeakReference<>(kryo));
    }

    private Kryo borrow() {
        for (WeakReference<Kryo> last = idle.poll(); last != null; last = idle.poll()) {
            Kryo kryo = last.get();
            if (kryo != null) return kryo;
        }
        return make();
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
        PinnedClasses.register(kryo, revivals);
        return kryo;
    }
}
