package dev.quiver.worker.user;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.quiver.error.QuiverException;
import java.lang.invoke.SerializedLambda;

/// Writes a lambda as the names of its method and its captured values; its class must be on the
/// other side.
final class LambdaSerializer extends Serializer<Object> {
    private final LambdaRevival.Known revivals;

    LambdaSerializer(LambdaRevival.Known revivals) {
        this.revivals = revivals;
    }

    @Override
    public void write(Kryo kryo, Output output, Object lambda) {
        LambdaShape shape = LambdaShape.of(lambda);
        ((TravelRules) kryo.getClassResolver()).met(shape);
        shape.writeNames(output);
        if (shape.capturedCount() == 0) return;
        SerializedLambda form = shape.form(lambda);
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
        LambdaRevival revival = revivals.of(input.readBytes(input.readVarInt(true)));
        var captured = new Object[revival.capturedCount()];
        for (int i = 0; i < captured.length; i++) captured[i] = kryo.readClassAndObject(input);
        return revival.lambda(captured);
    }
}
