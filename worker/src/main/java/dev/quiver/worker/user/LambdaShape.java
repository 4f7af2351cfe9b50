package dev.quiver.worker.user;

import com.esotericsoftware.kryo.io.Output;
import java.io.Serializable;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/// What all lambdas of one place in a program have in common: the method that they run and the
/// interface that they have. One for each lambda class, for as long as that class lives.
public final class LambdaShape {
    private static final int NAME_BYTES = 512;
    private static final ClassValue<Slot> SLOTS =
            new ClassValue<>() {
                @Override
                protected Slot computeValue(Class<?> type) {
                    return new Slot();
                }
            };

    /// Where the shape of a class is kept once a lambda of it was seen.
    private static final class Slot {
        private volatile @Nullable LambdaShape shape;
    }

    private final Class<?> type;
    private final Method writeReplace;
    private final String capturingClass;
    private final String implementingClass;
    private final String implementingMethod;
    private final String descriptor;
    private final int kind;
    private final int capturedCount;
    private final byte[] names;

    private LambdaShape(Class<?> type, Method writeReplace, SerializedLambda form) {
        this.type = type;
        this.writeReplace = writeReplace;
        this.capturingClass = form.getCapturingClass();
        this.implementingClass = form.getImplClass();
        this.implementingMethod = form.getImplMethodName();
        this.descriptor = form.getImplMethodSignature();
        this.kind = form.getImplMethodKind();
        this.capturedCount = form.getCapturedArgCount();
        this.names = names(form);
    }

    /// The shape of a lambda.
    ///
    /// @throws com.esotericsoftware.kryo.KryoException when its interface isn't Serializable
    static LambdaShape of(Object lambda) {
        Slot slot = SLOTS.get(lambda.getClass());
        LambdaShape known = slot.shape;
        if (known != null) return known;
        if (!(lambda instanceof Serializable)) throw CannotTravel.lambda(lambda);
        try {
            Method writeReplace = lambda.getClass().getDeclaredMethod("writeReplace");
            writeReplace.setAccessible(true);
            var shape =
                    new LambdaShape(lambda.getClass(), writeReplace, form(lambda, writeReplace));
            slot.shape = shape;
            return shape;
        } catch (ReflectiveOperationException e) {
            throw CannotTravel.lambda(lambda);
        }
    }

    /// The lambda with its captured values.
    SerializedLambda form(Object lambda) {
        try {
            return form(lambda, writeReplace);
        } catch (ReflectiveOperationException e) {
            throw CannotTravel.lambda(lambda);
        }
    }

    private static SerializedLambda form(Object lambda, Method writeReplace)
            throws ReflectiveOperationException {
        if (writeReplace.invoke(lambda) instanceof SerializedLambda form) return form;
        throw CannotTravel.lambda(lambda);
    }

    /// The class of the lambdas, which has no name that another JVM knows.
    public Class<?> type() {
        return type;
    }

    /// The class in which the lambda is written, with slashes.
    public String capturingClass() {
        return capturingClass;
    }

    /// The class of the method that runs, with slashes.
    public String implementingClass() {
        return implementingClass;
    }

    /// The name of the method that runs.
    public String implementingMethod() {
        return implementingMethod;
    }

    /// The descriptor of the method that runs.
    public String descriptor() {
        return descriptor;
    }

    /// Whether the method that runs is a constructor.
    public boolean isConstructor() {
        return kind == MethodHandleInfo.REF_newInvokeSpecial;
    }

    /// How many values each lambda captures.
    int capturedCount() {
        return capturedCount;
    }

    /// The names as they travel: their length, then what [LambdaRevival] reads.
    void writeNames(Output output) {
        output.writeVarInt(names.length, true);
        output.writeBytes(names);
    }

    private static byte[] names(SerializedLambda form) {
        var output = new Output(NAME_BYTES, -1);
        output.writeString(form.getCapturingClass());
        output.writeString(form.getFunctionalInterfaceClass());
        output.writeString(form.getFunctionalInterfaceMethodName());
        output.writeString(form.getFunctionalInterfaceMethodSignature());
        output.writeVarInt(form.getImplMethodKind(), true);
        output.writeString(form.getImplClass());
        output.writeString(form.getImplMethodName());
        output.writeString(form.getImplMethodSignature());
        output.writeString(form.getInstantiatedMethodType());
        output.writeVarInt(form.getCapturedArgCount(), true);
        return output.toBytes();
    }
}
