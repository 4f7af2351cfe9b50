package dev.quiver.worker.user;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.quiver.error.QuiverException;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/// Writes a lambda as the names of its method and its captured values; its class must be on the
/// other side.
final class LambdaSerializer extends Serializer<Object> {
    @Override
    public void write(Kryo kryo, Output output, Object lambda) {
        SerializedLambda form = serialized(lambda);
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
        for (int i = 0; i < form.getCapturedArgCount(); i++) {
            writeCaptured(kryo, output, form, i);
        }
    }

    private static void writeCaptured(Kryo kryo, Output output, SerializedLambda form, int index) {
        try {
            kryo.writeClassAndObject(output, form.getCapturedArg(index));
        } catch (QuiverException e) {
            throw e; // of a lambda within the captured value: the inner name helps more
        } catch (KryoException e) {
            throw CannotTravel.captured(
                    Captures.name(form, index, kryo.getClassLoader()),
                    form.getCapturedArg(index),
                    e);
        }
    }

    @Override
    public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
        String capturingClass = input.readString();
        String[] names = new String[3];
        for (int i = 0; i < names.length; i++) names[i] = input.readString();
        int kind = input.readVarInt(true);
        String implClass = input.readString();
        String implMethod = input.readString();
        String implSignature = input.readString();
        String methodType = input.readString();
        var captured = new Object[input.readVarInt(true)];
        for (int i = 0; i < captured.length; i++) captured[i] = kryo.readClassAndObject(input);
        try {
            Class<?> host =
                    Class.forName(capturingClass.replace('/', '.'), false, kryo.getClassLoader());
            var form =
                    new SerializedLambda(
                            host,
                            names[0],
                            names[1],
                            names[2],
                            kind,
                            implClass,
                            implMethod,
                            implSignature,
                            methodType,
                            captured);
            Method revive = host.getDeclaredMethod("$deserializeLambda$", SerializedLambda.class);
            revive.setAccessible(true);
            return revive.invoke(null, form);
        } catch (InvocationTargetException e) {
            throw new KryoException("a lambda of %s".formatted(capturingClass), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new KryoException("a lambda of %s".formatted(capturingClass), e);
        }
    }

    private static SerializedLambda serialized(Object lambda) {
        if (!(lambda instanceof Serializable)) throw CannotTravel.lambda(lambda);
        try {
            Method writeReplace = lambda.getClass().getDeclaredMethod("writeReplace");
            writeReplace.setAccessible(true);
            if (writeReplace.invoke(lambda) instanceof SerializedLambda form) return form;
            throw CannotTravel.lambda(lambda);
        } catch (ReflectiveOperationException e) {
            throw CannotTravel.lambda(lambda);
        }
    }
}
