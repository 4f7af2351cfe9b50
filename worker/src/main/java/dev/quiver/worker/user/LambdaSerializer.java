package dev.quiver.worker.user;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.quiver.error.QuiverException;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/// Writes a lambda as the names of its method and its captured values; its class must be on the
/// other side.
final class LambdaSerializer extends Serializer<Object> {
    private static final ClassValue<Method> REVIVALS =
            new ClassValue<>() {
                @Override
                protected Method computeValue(Class<?> host) {
                    try {
                        Method revive =
                                host.getDeclaredMethod(
                                        "$deserializeLambda$", SerializedLambda.class);
                        revive.setAccessible(true);
                        return revive;
                    } catch (NoSuchMethodException e) {
                        throw new KryoException("no lambda in %s".formatted(host.getName()), e);
                    }
                }
            };

    @Override
    public void write(Kryo kryo, Output output, Object lambda) {
        LambdaShape shape = LambdaShape.of(lambda);
        ((TravelRules) kryo.getClassResolver()).met(shape);
        SerializedLambda form = shape.form(lambda);
        shape.writeNames(output);
        output.writeVarInt(form.getCapturedArgCount(), true);
        for (int i = 0; i < form.getCapturedArgCount(); i++) {
            writeCaptured(kryo, output, form, i, lambda.getClass().getClassLoader());
        }
    }

    private static void writeCaptured(
            Kryo kryo, Output output, SerializedLambda form, int index, ClassLoader loader) {
        try {
            kryo.writeClassAndObject(output, form.getCapturedArg(index));
        } catch (QuiverException e) {
            throw e; // of a lambda within the captured value: the inner name helps more
        } catch (KryoException e) {
            throw CannotTravel.captured(
                    Captures.name(form, index, loader), form.getCapturedArg(index), e);
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
            return REVIVALS.get(host).invoke(null, form);
        } catch (InvocationTargetException e) {
            throw new KryoException("a lambda of %s".formatted(capturingClass), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new KryoException("a lambda of %s".formatted(capturingClass), e);
        }
    }
}
