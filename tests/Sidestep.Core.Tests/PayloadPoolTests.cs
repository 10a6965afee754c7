namespace Sidestep.Tests;

public sealed class PayloadPoolTests
{
    [Fact]
    public void Lease_given_back_is_reused()
    {
        var pool = new PayloadPool();
        var first = pool.Lease(1000);
        var held = pool.BytesHeld;
        first.Dispose();
        var second = pool.Lease(900);
        Assert.Same(first, second);
        Assert.Equal(900, second.Length);
        Assert.Equal(held, pool.BytesHeld);
        Assert.Equal(1, pool.Outstanding);
    }

    [Fact]
    public void Dispose_once_too_often_throws()
    {
        var lease = new PayloadPool().Lease(10);
        lease.Dispose();
        Assert.Throws<ObjectDisposedException>(lease.Dispose);
    }

    [Fact]
    public void Retained_memory_is_given_back_by_the_last_holder()
    {
        var pool = new PayloadPool();
        var lease = pool.Lease(10);
        lease.Retain().Dispose();
        Assert.Equal(1, pool.Outstanding);
        lease.Dispose();
        Assert.Equal(0, pool.Outstanding);
    }

    [Fact]
    public void Lease_every_size_fits_with_at_most_a_third_unused()
    {
        var pool = new PayloadPool();
        for (var length = 0; length < 70_000; length += 1 + (length / 50))
        {
            var before = pool.BytesHeld;
            using var lease = pool.Lease(length);
            Assert.Equal(length, lease.Span.Length);
            var fresh = pool.BytesHeld - before;
            Assert.True(fresh == 0 || fresh <= Math.Max(64, 1.5 * length), $"{fresh} bytes for {length}");
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Lease(-1));
    }

    [Fact]
    public void Shorten_cuts_and_never_grows()
    {
        using var lease = new PayloadPool().Lease(100);
        lease.Shorten(40);
        Assert.Equal(40, lease.Memory.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => lease.Shorten(41));
    }

    [Fact]
    public void Warm_pool_allocates_nothing()
    {
        var pool = new PayloadPool();
        pool.Lease(5000).Dispose();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            pool.Lease(5000).Dispose();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Many_threads_never_share_a_lease()
    {
        var pool = new PayloadPool();
        Parallel.For(0, 8, thread =>
        {
            var rng = new Rng((ulong)thread, Purpose.Test, 0, 0, 0);
            for (var i = 0; i < 5000; i++)
            {
                using var lease = pool.Lease(8 + rng.Next(300));
                lease.Span.Fill((byte)thread);
                lease.Retain().Dispose();
                Assert.False(lease.Span.ContainsAnyExcept((byte)thread));
            }
        });
        Assert.Equal(0, pool.Outstanding);
    }
}
