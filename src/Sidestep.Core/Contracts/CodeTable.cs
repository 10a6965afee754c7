using System.Collections.Immutable;

namespace Sidestep;

/// <summary>Weight × one block of the result computed on one stored item.</summary>
/// <typeparam name="T">The payload's scalar.</typeparam>
/// <param name="Item">Index into <see cref="CodeTable{T}.Items"/>.</param>
/// <param name="Block">Coordinate block, 0-based.</param>
/// <param name="Weight">The multiplier, in the payload's own precision: worker and decoder use the same number.</param>
public readonly record struct Term<T>(int Item, int Block, T Weight);

/// <summary>What a worker stores: usually one partition with weight 1, a mix when the data are coded.</summary>
/// <typeparam name="T">The payload's scalar.</typeparam>
/// <param name="Worker">The slot that stores it.</param>
/// <param name="Mix">The partitions in it.</param>
public sealed record Item<T>(int Worker, ImmutableArray<(int Partition, T Weight)> Mix);

/// <summary>One message a code defines: a weighted sum of (item, block) terms.</summary>
/// <typeparam name="T">The payload's scalar.</typeparam>
/// <param name="Worker">The slot that sends it.</param>
/// <param name="Terms">What it is the sum of; all blocks in one row have equal padded length.</param>
/// <param name="OnRequest">Sent only when somebody asks for it.</param>
public sealed record Row<T>(int Worker, ImmutableArray<Term<T>> Terms, bool OnRequest = false);

/// <summary>A whole code as data: who stores and who sends what. Row order is the sending order of a worker.</summary>
/// <typeparam name="T">The payload's scalar.</typeparam>
/// <param name="Workers">Number of slots (n).</param>
/// <param name="Partitions">Number of raw data partitions (k).</param>
/// <param name="Blocks">Number of coordinate blocks (m or K).</param>
/// <param name="Items">Everything stored.</param>
/// <param name="Rows">Every message, on request or not.</param>
public sealed record CodeTable<T>(
    int Workers, int Partitions, int Blocks, ImmutableArray<Item<T>> Items, ImmutableArray<Row<T>> Rows);
