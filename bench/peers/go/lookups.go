package main

import (
	"context"
	"encoding/json"
	"strconv"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

var userKey = []byte(`"user_id":`)

// The members of a user that are written, as text between the amount and the time, by id.
type users struct {
	lock  sync.RWMutex
	texts map[int64][]byte
	count int64
}

// Returns when all users that are in the topic are known; later changes follow.
func openUsers(brokers, topic, count string) *users {
	size, err := strconv.ParseInt(count, 10, 64)
	require(err)
	known := &users{texts: make(map[int64][]byte, size), count: size}
	client, err := kgo.NewClient(kgo.SeedBrokers(brokers), kgo.ConsumeTopics(topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchMaxWait(100*time.Millisecond))
	require(err)
	behind := partitionsOf(client, topic)
	for len(behind) > 0 {
		known.take(client.PollFetches(context.Background()), behind)
	}
	go func() {
		for {
			known.take(client.PollFetches(context.Background()), behind)
		}
	}()
	return known
}

func partitionsOf(client *kgo.Client, topic string) map[int32]bool {
	request := kmsg.NewPtrMetadataRequest()
	asked := kmsg.NewMetadataRequestTopic()
	asked.Topic = kmsg.StringPtr(topic)
	request.Topics = append(request.Topics, asked)
	answer, err := request.RequestWith(context.Background(), client)
	require(err)
	found := map[int32]bool{}
	for _, partition := range answer.Topics[0].Partitions {
		found[partition.Partition] = true
	}
	return found
}

// Partitions that are read up to their end are behind no more.
func (known *users) take(fetches kgo.Fetches, behind map[int32]bool) {
	known.lock.Lock()
	defer known.lock.Unlock()
	fetches.EachError(func(_ string, _ int32, err error) { require(err) })
	fetches.EachPartition(func(partition kgo.FetchTopicPartition) {
		for _, record := range partition.Records {
			known.put(record)
			if record.Offset+1 >= partition.HighWatermark {
				delete(behind, partition.Partition)
			}
		}
	})
}

func (known *users) put(record *kgo.Record) {
	id, err := strconv.ParseInt(string(record.Key), 10, 64)
	require(err)
	if record.Value == nil {
		delete(known.texts, id)
		return
	}
	var user struct{ Name, Tier json.RawMessage }
	require(json.Unmarshal(record.Value, &user))
	text := append([]byte(`,"name":`), user.Name...)
	text = append(append(text, `,"tier":`...), user.Tier...)
	known.texts[id] = append(text, `,"timestamp":`...)
}

func (known *users) enrich(transaction []byte) []byte {
	amount := number(transaction, amountKey)
	value, err := strconv.ParseFloat(string(amount), 64)
	require(err)
	if value <= 500 {
		return nil
	}
	id, err := strconv.ParseInt(string(number(transaction, userKey)), 10, 64)
	require(err)
	known.lock.RLock()
	text := known.texts[id%known.count]
	known.lock.RUnlock()
	if text == nil {
		return nil
	}
	out := make([]byte, 0, 160)
	out = append(out, `{"transaction_id":`...)
	out = append(out, number(transaction, idKey)...)
	out = append(out, `,"amount":`...)
	out = append(out, amount...)
	out = append(out, text...)
	out = append(out, number(transaction, timestampKey)...)
	return append(out, '}')
}
