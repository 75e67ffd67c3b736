// data/verdicts.ts and data/lookups.ts on franz-go as fast as a week of tuning makes them, for these records only: keys are searched in
// the bytes and numbers are copied as text. JSON is not validated, and the same key inside of a string or of an object would fool it.
//
//	go-bench verdicts <brokers> <input> <output> <group>
//	go-bench lookups <brokers> <input> <output> <group> <topic of the users> <their number>
package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

const commitInterval = time.Second

var idKey, amountKey, timestampKey = []byte(`"transaction_id":`), []byte(`"amount":`), []byte(`"timestamp":`)

// What comes of a record; nil: it is dropped.
type transform func(value []byte) []byte

func main() {
	job, brokers, input, output, group := os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5]
	work := transform(judge)
	if job == "lookups" {
		work = openUsers(brokers, os.Args[6], os.Args[7]).enrich
	}
	client, err := kgo.NewClient(kgo.SeedBrokers(brokers), kgo.ConsumeTopics(input), kgo.ConsumerGroup(group),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.DisableAutoCommit(),
		kgo.FetchMaxBytes(16<<20), kgo.FetchMaxPartitionBytes(4<<20), kgo.FetchMaxWait(100*time.Millisecond),
		kgo.DefaultProduceTopic(output), kgo.ProducerBatchCompression(kgo.NoCompression()), kgo.ProducerBatchMaxBytes(512<<10),
		kgo.ProducerLinger(5*time.Millisecond), kgo.MaxBufferedRecords(200000), kgo.RecordPartitioner(kgo.ManualPartitioner()))
	require(err)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	committed := time.Now()
	for {
		fetches := client.PollFetches(ctx)
		if ctx.Err() != nil {
			break
		}
		fetches.EachError(func(_ string, _ int32, err error) { require(err) })
		fetches.EachRecord(func(record *kgo.Record) {
			if value := work(record.Value); value != nil {
				out := &kgo.Record{Value: value, Partition: record.Partition}
				client.Produce(context.Background(), out, func(_ *kgo.Record, err error) { require(err) })
			}
		})
		if time.Since(committed) > commitInterval {
			commit(client)
			committed = time.Now()
		}
	}
	commit(client)
	client.Close()
}

// At least once: what was judged is acknowledged first.
func commit(client *kgo.Client) {
	require(client.Flush(context.Background()))
	require(client.CommitUncommittedOffsets(context.Background()))
}

// The text behind a key.
func number(object, key []byte) []byte {
	start := bytes.Index(object, key) + len(key)
	end := start
	for end < len(object) && object[end] != ',' && object[end] != '}' {
		end++
	}
	return object[start:end]
}

func require(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
