namespace Sidestep;

/// <summary>Messages in arrival order, with removal anywhere: a doubly linked list in one array. Allocates only to grow.</summary>
internal sealed class HeldMessages
{
    private const int None = -1;
    private Entry[] _entries = new Entry[16];
    private int _first = None, _last = None, _free = None, _used;

    /// <summary>Messages held.</summary>
    public int Count { get; private set; }

    /// <summary>The oldest, or −1.</summary>
    public int First => _first;

    /// <summary>The next younger one, or −1.</summary>
    public int After(int index) => _entries[index].Next;

    /// <summary>The message at an index.</summary>
    public ref readonly Message this[int index] => ref _entries[index].Message;

    /// <summary>Adds the youngest.</summary>
    public void Add(in Message message)
    {
        var index = _free;
        if (index != None)
        {
            _free = _entries[index].Next;
        }
        else
        {
            if (_used == _entries.Length)
            {
                Array.Resize(ref _entries, 2 * _used);
            }

            index = _used++;
        }

        _entries[index] = new Entry { Message = message, Next = None, Previous = _last };
        if (_last == None)
        {
            _first = index;
        }
        else
        {
            _entries[_last].Next = index;
        }

        _last = index;
        Count++;
    }

    /// <summary>Removes one and returns it.</summary>
    public Message Remove(int index)
    {
        var (message, next, previous) = (_entries[index].Message, _entries[index].Next, _entries[index].Previous);
        if (previous == None)
        {
            _first = next;
        }
        else
        {
            _entries[previous].Next = next;
        }

        if (next == None)
        {
            _last = previous;
        }
        else
        {
            _entries[next].Previous = previous;
        }

        _entries[index] = new Entry { Next = _free };
        _free = index;
        Count--;
        return message;
    }

    private struct Entry
    {
        public Message Message;
        public int Next, Previous;
    }
}
