package dev.quiver.worker.user;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/// Writes an object that the JDK made for interfaces, whose class nobody else has: the interfaces
/// and who handles its calls. Kryo takes each such object for an InvocationHandler.
final class ProxySerializer extends Serializer<Object> {
    @Override
    public void write(Kryo kryo, Output output, Object object) {
        Class<?>[] interfaces = object.getClass().getInterfaces();
        output.writeVarInt(interfaces.length, true);
        for (Class<?> type : interfaces) kryo.writeClass(output, type);
        kryo.writeClassAndObject(output, Proxy.getInvocationHandler(object));
    }

    @Override
    public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
        var interfaces = new Class<?>[input.readVarInt(true)];
        for (int i = 0; i < interfaces.length; i++) interfaces[i] = kryo.readClass(input).getType();
        var handler = (InvocationHandler) kryo.readClassAndObject(input);
        ClassLoader loader = interfaces[0].getClassLoader();
        return Proxy.newProxyInstance(
                loader == null ? ClassLoader.getPlatformClassLoader() : loader,
                interfaces,
                handler);
    }
}
